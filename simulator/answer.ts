import type { AnswerPiece } from './formats/index.ts'
import type { PlannedChoice } from './plan.ts'
import type { Script } from './script.ts'
import { answerPiece, asciiPieces, foreignPieces } from './text.ts'

/**
 * The text of one token. Content of an answer in JSON and a tool's arguments is one valid JSON
 * object from the first piece to the last. The first token of a tool call is its name (text '').
 */
export function pieceAt(choice: PlannedChoice, index: number, foreign: boolean): AnswerPiece {
  const word = answerPiece(foreign ? foreignPieces : asciiPieces, choice.seed, index)
  const part =
    index < choice.reasoningTokens ? 'reasoning' : choice.tool === undefined ? 'content' : 'tool'
  if (index >= choice.tailFrom) return { part, text: '' }
  if (part === 'reasoning') return { part, text: word }
  const first = choice.reasoningTokens
  const { script } = choice
  if (script !== undefined) return { part, text: scripted(script, choice, index - first, word) }
  const last = choice.outputTokens - 1
  if (part === 'tool') {
    if (index === first) return { part, text: last === first ? '{}' : '' }
    return { part, text: jsonPiece(index, first + 1, last, word) }
  }
  return { part, text: choice.json ? jsonPiece(index, first, last, word) : word }
}

/** @param at number of the token within the answer proper */
function scripted(script: Script, choice: PlannedChoice, at: number, word: string): string {
  if (choice.tool === undefined) return script[at] ?? word
  // Nothing may follow the arguments of a call.
  return at === 0 ? '' : (script[at - 1] ?? '')
}

function jsonPiece(index: number, first: number, last: number, word: string): string {
  if (first === last) return '{}'
  if (index === first) return '{"text":"'
  return index === last ? '"}' : word
}

/** All text of one part. */
export function partText(
  choice: PlannedChoice,
  part: AnswerPiece['part'],
  foreign: boolean,
): string {
  let text = ''
  for (let i = 0; i < choice.outputTokens; i++) {
    const piece = pieceAt(choice, i, foreign)
    if (piece.part === part) text += piece.text
  }
  return text
}
