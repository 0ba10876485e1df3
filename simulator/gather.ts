import { pieceAt } from './answer.ts'
import type { Piece } from './formats/index.ts'
import type { Token } from './gate.ts'
import type { PlannedChoice } from './plan.ts'

/** Tokens of one event, and when each was generated. */
export interface Gathered {
  piece: Piece
  scheduledMs: number[]
}

/** Gathers the tokens of each choice into events. */
export interface Gatherer {
  /** @returns what is ready to be sent: the tokens of a part that has ended, then those that fill an event */
  add(token: Token): Gathered[]
  /** Takes what still waits of a choice. */
  take(choice: PlannedChoice): Gathered | undefined
}

export function createGatherer(tokensPerEvent: number, foreign: boolean): Gatherer {
  const waiting = new Map<number, Gathered>()

  function take({ index }: PlannedChoice): Gathered | undefined {
    const gathered = waiting.get(index)
    waiting.delete(index)
    return gathered
  }

  return {
    add({ choice, index, scheduledMs }) {
      const { part, text } = pieceAt(choice, index, foreign)
      const opensTool = part === 'tool' && index === choice.reasoningTokens
      const alone = {
        piece: { part, text, tokens: 1, index, opensTool },
        scheduledMs: [scheduledMs],
      }
      if (tokensPerEvent === 1) return [alone]
      const full: Gathered[] = []
      if (waiting.has(choice.index) && waiting.get(choice.index)!.piece.part !== part)
        full.push(take(choice)!)
      let gathered = waiting.get(choice.index)
      if (gathered === undefined) {
        gathered = alone
        waiting.set(choice.index, gathered)
      } else {
        gathered.piece.text += text
        gathered.piece.tokens++
        gathered.scheduledMs.push(scheduledMs)
      }
      if (index === choice.outputTokens - 1 || gathered.piece.tokens >= tokensPerEvent)
        full.push(take(choice)!)
      return full
    },
    take,
  }
}
