import type { Scale } from './types.ts'

/** What counts unless the user says otherwise. */
export const DEFAULT_RUBRIC = `Is the answer correct, does it do what the prompt asks, and is it clear?
- Correctness comes first: a wrong statement, a wrong result or an invented fact makes an answer bad, however well it is written.
- Where a reference is given, it is right. An answer may say the same in other words, and may say more.
- What the prompt asks for must be there: all parts, the asked format, the asked language.
- Length is no merit. Neither are politeness, headings or lists that nobody asked for.
- The lowest score is for an answer that is useless, garbled, empty or off the point; the highest for one that nobody could better.`

/** Longest rubric, characters: it is sent with every answer. */
export const LONGEST_RUBRIC = 20_000

export const DEFAULT_SCALE: Scale = { from: 1, to: 10 }

/** The rating from which on an answer passes unless the user says otherwise: two thirds of the way up the scale. */
export function defaultPass({ from, to }: Scale): number {
  return Math.ceil(from + (2 * (to - from)) / 3)
}

/** A rating as a score from 0 to 1. */
export function scoreOf(rating: number, { from, to }: Scale): number {
  return (rating - from) / (to - from)
}
