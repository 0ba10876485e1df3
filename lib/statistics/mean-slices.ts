import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { gridLevelSeries } from './grid-slices.ts'
import type { GridSlice } from './grid-slices.ts'
import { meanOf } from './mean-estimate.ts'
import { rateEstimateFromSlices } from './rate-estimate.ts'
import type { Series } from './worth.ts'

/** What a stretch of time holds of a sum, and of how many (or how much) it is a sum. */
export interface SumSlice {
  readonly count: number
  readonly sum: number
}

/**
 * A mean with its interval from means and percentiles per slice: what a summary of stock k6 keeps.
 * @param slices equal stretches of time, in order
 * @param grid see {@link quantileEstimateFromSlices}
 * @param confidence 0-1, two-sided
 * @returns no bounds with fewer than 8 slices
 */
export function meanEstimateFromSlices(
  slices: readonly GridSlice[],
  grid: readonly number[],
  confidence = 0.95,
): Estimate {
  const n = slices.reduce((all, { count }) => all + count, 0)
  if (n === 0) return noEstimate(confidence)
  const value = slices.reduce((all, { sum }) => all + sum, 0) / n
  const [own, ...beside] = gridLevelSeries(slices, grid) as [Series, ...Series[]]
  const positive = slices.every(
    ({ count, quantiles }) => count === 0 || (quantiles[0] as number) >= 0,
  )
  return meanOf({ value, samples: n, own, beside, positive, confidence })
}

/**
 * The ratio of two sums with its interval, such as cached tokens per input token: of what varies is left
 * what the denominator does not explain (Cochran, "Sampling Techniques", 3rd ed. 1977, 6.4).
 * @param slices equal stretches of time, in order; at least 8, and best 128
 */
export function ratioEstimateFromSlices(slices: readonly SumSlice[], confidence = 0.95): Estimate {
  const count = slices.reduce((all, slice) => all + slice.count, 0)
  if (count === 0) return noEstimate(confidence)
  // As a rate is a sum over time, a ratio is a sum over its denominator.
  return rateEstimateFromSlices(
    slices.map((slice) => ({ lengthMs: 1000 * slice.count, amount: slice.sum })),
    confidence,
  )
}
