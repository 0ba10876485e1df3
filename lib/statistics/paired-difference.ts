import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { wilsonEstimate } from './wilson.ts'

/** How often two yes-or-no answers to the same question were both yes, only one of them, or neither. */
export interface PairCounts {
  readonly both: number
  readonly onlyOne: number
  readonly onlyOther: number
  readonly neither: number
}

/**
 * The difference of two shares over the same questions, one - other, with Newcombe's interval for paired data
 * (Statistics in Medicine 17, 1998, pp. 2635-2650, method 10): Wilson's of each, and what they have in common.
 * @param confidence 0-1, two-sided
 * @returns no value without pairs
 */
export function pairedDifference(counts: PairCounts, confidence = 0.95): Estimate {
  const { both, onlyOne, onlyOther, neither } = counts
  const pairs = both + onlyOne + onlyOther + neither
  const a = wilsonEstimate(both + onlyOne, pairs, confidence)
  const b = wilsonEstimate(both + onlyOther, pairs, confidence)
  if (a.value === undefined || b.value === undefined) return noEstimate(confidence)
  const phi = correlation(counts, pairs)
  const far = (one: number, other: number) =>
    Math.sqrt(Math.max(0, one * one - 2 * phi * one * other + other * other))
  const difference = (onlyOne - onlyOther) / pairs
  return {
    ...noEstimate(confidence, pairs),
    value: difference,
    low: difference - far(a.value - a.low!, b.high! - b.value),
    high: difference + far(a.high! - a.value, b.value - b.low!),
  }
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
