import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { newcombe } from './newcombe.ts'
import { wilsonEstimate } from './wilson.ts'

/** How often two yes-or-no answers to the same question were both yes, only one of them, or neither. */
export interface PairCounts {
  readonly both: number
  readonly onlyOne: number
  readonly onlyOther: number
  readonly neither: number
}

/**
 * The difference of two shares over the same questions, one - other, by {@link newcombe}: its interval knows what the
 * answers have in common.
 * @param confidence 0-1, two-sided
 * @returns no value without pairs
 */
export function pairedDifference(counts: PairCounts, confidence = 0.95): Estimate {
  const { both, onlyOne, onlyOther, neither } = counts
  const pairs = both + onlyOne + onlyOther + neither
  const one = wilsonEstimate(both + onlyOne, pairs, confidence)
  const other = wilsonEstimate(both + onlyOther, pairs, confidence)
  const found = newcombe(one, other, correlation(counts, pairs))
  if (found === undefined) return noEstimate(confidence)
  return { ...noEstimate(confidence, pairs), ...found }
}

/** Newcombe's phi: with a correction for continuity where the answers go together. */
function correlation({ both, onlyOne, onlyOther, neither }: PairCounts, pairs: number): number {
  const margins =
    (both + onlyOne) * (onlyOther + neither) * (both + onlyOther) * (onlyOne + neither)
  if (margins === 0) return 0
  const product = both * neither - onlyOne * onlyOther
  const corrected = product > pairs / 2 ? product - pairs / 2 : Math.min(product, 0)
  return corrected / Math.sqrt(margins)
}
