import type { PlannedChoice } from './plan.ts'
import { answerPiece, asciiPieces, foreignPieces } from './text.ts'

/** What token `index` of an answer adds to which part of the message. */
export interface AnswerPiece {
  part: 'reasoning' | 'content' | 'tool'
  text: string
}

/**
 * The text of one token. Content of an answer in JSON and a tool's arguments is one valid JSON
 * object from the first piece to the last. The first token of a tool call is its name (text '').
 */
export const pieceAt = (choice: PlannedChoice, index: number, foreign: boolean): AnswerPiece => {
  const word = answerPiece(foreign ? foreignPieces : asciiPieces, choice.seed, index)
  if (index < choice.reasoningTokens) return { part: 'reasoning', text: word }
  const first = choice.reasoningTokens
  const last = choice.outputTokens - 1
  if (choice.tool !== undefined) {
    if (index === first) return { part: 'tool', text: last === first ? '{}' : '' }
    return { part: 'tool', text: jsonPiece(index, first + 1, last, word) }
  }
  if (choice.json) return { part: 'content', text: jsonPiece(index, first, last, word) }
  return { part: 'content', text: word }
}

const jsonPiece = (index: number, first: number, last: number, word: string): string => {
  if (first === last) return '{}'
  if (index === first) return '{"text":"'
  return index === last ? '"}' : word
}

/** All text of one part. */
export const partText = (
  choice: PlannedChoice,
  part: AnswerPiece['part'],
  foreign: boolean,
): string => {
  let text = ''
  for (let i = 0; i < choice.outputTokens; i++) {
    const piece = pieceAt(choice, i, foreign)
    if (piece.part === part) text += piece.text
  }
  return text
}
