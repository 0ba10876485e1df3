import type { Estimate } from './estimate.ts'
import { noEstimate } from './estimate.ts'
import { gridLevelSeries } from './grid-slices.ts'
import type { GridSlice } from './grid-slices.ts'
import { meanOf } from './mean-estimate.ts'
import type { Series } from './worth.ts'

/**
 * A mean with its interval from means and percentiles per slice: what a summary of stock k6 keeps.
 * @param slices equal stretches of time, in order
 * @param grid see {@link quantileEstimateFromSlices}
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
