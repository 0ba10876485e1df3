import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import {
  firstIndex,
  gridLevelSeries,
  gridQuantile,
  gridShareSeries,
  gridValues,
  totalUpTo,
} from './grid-slices.ts'
import type { GridSlice } from './grid-slices.ts'
import { samplesToBound } from './order-statistics.ts'
import { withRanks } from './quantile-estimate.ts'
import { worthOf } from './worth.ts'

/**
 * A quantile with its interval from percentiles per slice alone, without a single value: what a summary of
 * stock k6 keeps. The bounds hold wherever the values between two percentiles of a slice stand.
 * @param slices equal stretches of time, in order
 * @param grid shares of the percentiles, 0-1, ascending, the same for all slices; 0 and 1 are the smallest
 *   and the largest value. See {@link QUANTILE_GRID}
 * @param value the quantile of the whole, where the summary has it; else the middle of what the grid allows
 * @returns no bounds with fewer than 8 slices, or where the grid does not reach far enough
 */
export function quantileEstimateFromSlices(
  slices: readonly GridSlice[],
  grid: readonly number[],
  p: number,
  confidence = 0.95,
  value?: number,
): Estimate {
  const n = slices.reduce((all, { count }) => all + count, 0)
  if (n === 0) return { ...noEstimate(confidence), needs: samplesToBound(p, (1 + confidence) / 2) }
  const steps = gridValues(slices)
  const middle = value ?? gridQuantile(slices, grid, p, steps)
  const own = gridShareSeries(slices, grid, middle)
  const worth = worthOf(n, own, gridLevelSeries(slices, grid, steps), 1 - confidence)
  return withRanks({ value: middle, confidence, samples: n, p, worth }, (share, side) => {
    const rank = share * (n + 1)
    if (side === 'high')
      return steps[firstIndex(steps, (bound) => totalUpTo(slices, grid, bound, 'least') >= rank)]
    // The largest value with fewer values at or below it, however they stand, than the rank.
    const above = firstIndex(steps, (bound) => totalUpTo(slices, grid, bound, 'most') >= rank)
    // Where the grid holds the smallest value, no value is below it.
    return above === 0 && grid[0] === 0 ? steps[0] : steps[above - 1]
  })
}
