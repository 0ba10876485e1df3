import { orInSteps } from './coarse.ts'
import type { Estimate } from './estimate.ts'
import {
  firstIndex,
  gridLevelSeries,
  gridQuantile,
  gridRange,
  gridShareSeries,
  gridValueSeries,
  gridValues,
  inGridSteps,
  totalBelow,
  totalUpTo,
} from './grid-slices.ts'
import type { GridSlice } from './grid-slices.ts'
import { besideOf } from './levels.ts'
import { cautionOf, mayBeBounded, noQuantile, withRanks } from './quantile-estimate.ts'
import { worthOf } from './worth.ts'

/**
 * Quantiles with their intervals from percentiles per slice alone, without a single value: what a summary of
 * stock k6 keeps. The bounds hold wherever the values between two percentiles of a slice stand.
 * @param slices equal stretches of time (in each phase), in order
 * @param grid shares of the percentiles, 0-1, ascending, the same for all slices; 0 and 1 are the smallest
 *   and the largest value. See {@link QUANTILE_GRID}
 * @param ps the quantiles, 0-1, neither end included
 * @param queued as of {@link Observations}
 * @returns an estimate for each: no bounds with fewer than 8 slices, or where the grid does not reach far enough
 */
export function quantileEstimatesFromSlices(
  slices: readonly GridSlice[],
  grid: readonly number[],
  ps: readonly number[],
  confidence = 0.95,
  queued = false,
): Estimate[] {
  const n = slices.reduce((all, { count }) => all + count, 0)
  if (n === 0) return ps.map((p) => noQuantile(p, confidence))
  const exact = exactEstimates(slices, grid, ps, confidence, queued)
  return orInSteps(exact, gridRange(slices, grid), mayBeBounded(ps), (of) =>
    exactEstimates(inGridSteps(slices, grid, of), grid, ps, confidence, queued),
  )
}

function exactEstimates(
  slices: readonly GridSlice[],
  grid: readonly number[],
  ps: readonly number[],
  confidence: number,
  queued: boolean,
): Estimate[] {
  const n = slices.reduce((all, { count }) => all + count, 0)
  const steps = gridValues(slices)
  const levels = gridLevelSeries(slices, grid, steps)
  return ps.map((p) => {
    const value = gridQuantile(slices, grid, p, steps)
    const own = gridShareSeries(slices, grid, value)
    const beside = besideOf(own, levels, p, () => gridValueSeries(slices, grid))
    const worth = worthOf(n, own, beside, 1 - confidence, cautionOf(p, queued))
    return withRanks({ value, confidence, samples: n, p, worth }, (share, side) => {
      const rank = share * (n + 1)
      if (side === 'high')
        return steps[firstIndex(steps, (bound) => totalUpTo(slices, grid, bound, 'least') >= rank)]
      // The largest value with fewer values below it, however they stand, than the rank.
      return steps[firstIndex(steps, (bound) => totalBelow(slices, grid, bound) >= rank) - 1]
    })
  })
}
