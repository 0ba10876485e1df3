import { regularizedBeta } from './beta.ts'
import { rootOf } from './root.ts'

/** Ranks whose values bound a quantile, from 1; undefined where there is no such rank. */
export interface RankBounds {
  readonly low: number | undefined
  readonly high: number | undefined
}

/**
 * How many measured samples must lie beyond a bound. One, as in MLPerf's early stopping ("Inference Rules",
 * appendix "Early Stopping"): a bound never rests on the largest or smallest value, which one odd
 * request makes what it likes.
 */
export const BEYOND = 1

/** How closely ranks are found: far within what rounding to whole ranks forgives. */
const CLOSE = 1e-8

/**
 * Bounds of the p-quantile as ranks of sorted samples, with no assumption on their distribution: the
 * value of rank r is at most the quantile with probability P(Bin(n, p) >= r) = I_p(r, n - r + 1) (David
 * and Nagaraja, "Order Statistics", 3rd ed. 2003, 7.1).
 * @param n independent samples; need not be whole (see {@link quantileEstimate})
 * @param p 0-1, neither end included
 * @param level probability of each bound: 0.975 for an interval of 95 %
 * @param beyond samples that must lie beyond a bound; where n is less than was measured, one measured
 *   sample is less than one of these
 * @returns ranks, not rounded
 */
export function rankBounds(n: number, p: number, level: number, beyond = BEYOND): RankBounds {
  const reaches = (rank: number) =>
    rank <= 0 ? 1 : rank >= n + 1 ? 0 : regularizedBeta(p, rank, n - rank + 1)
  const [first, last] = [1 + beyond, n - beyond]
  if (last < first) return { low: undefined, high: undefined }
  // P(Bin >= rank) falls as the rank grows, from 1 at 0 to 0 at n + 1.
  const crossing = (at: number, from: number, to: number) =>
    rootOf((rank) => reaches(rank) - at, from, to, CLOSE)
  const low = reaches(first) >= level ? crossing(level, first, n + 1) : undefined
  const high = reaches(last) <= 1 - level ? crossing(1 - level, 0, last) : undefined
  return { low, high }
}

/**
 * Whether independent samples bound the p-quantile on the side of its tail (above it for p >= 0.5), with so
 * many of them beyond the bound: P(Bin(n, tail) <= beyond) <= 1 - level.
 * @param n need not be whole
 * @param level probability of the one bound
 */
export function boundsTail(n: number, p: number, level: number, beyond = BEYOND): boolean {
  // P(Bin(n, tail) >= beyond + 1)
  return n > beyond && regularizedBeta(Math.min(p, 1 - p), beyond + 1, n - beyond) >= level
}

/**
 * Fewest independent samples with which {@link boundsTail} holds. At a level of 0.99 these are MLPerf's 64,
 * 130, 662 and 6,636 for p90, p95, p99 and p99.9.
 * @param level probability of the one bound
 */
export function samplesToBound(p: number, level: number): number {
  let high = 2
  while (!boundsTail(high, p, level)) high *= 2
  let low = high / 2
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (boundsTail(middle, p, level)) high = middle
    else low = middle
  }
  return high
}
