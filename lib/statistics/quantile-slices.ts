import { effective } from './effective.ts'
import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { samplesToBound } from './order-statistics.ts'
import { withRanks } from './quantile-estimate.ts'

/** What a summary keeps of a series over a stretch of time. */
export interface QuantileSlice {
  readonly count: number
  /** Values at the grid's shares, ascending; not read where count is 0. */
  readonly quantiles: ArrayLike<number>
}

/**
 * A quantile with its interval from percentiles per slice alone, without a single value: what a summary of
 * stock k6 keeps. Between two percentiles of a slice, any value may stand; the bounds hold for each.
 * @param slices equal stretches of time, in order
 * @param grid shares of the percentiles, 0-1, ascending, the same for all slices; 0 and 1 are the
 *   smallest and the largest value
 * @param value the quantile of the whole, where the summary has it; else the middle of what the grid allows
 * @returns no bounds with fewer than 8 slices, or where the grid does not reach far enough
 */
export function quantileEstimateFromSlices(
  slices: readonly QuantileSlice[],
  grid: readonly number[],
  p: number,
  confidence = 0.95,
  value?: number,
): Estimate {
  const filled = slices.filter(({ count }) => count > 0)
  const n = filled.reduce((all, { count }) => all + count, 0)
  if (n === 0) return { ...noEstimate(confidence), needs: samplesToBound(p, (1 + confidence) / 2) }
  // Every percentile of every slice is a value at which the whole's share can be bounded.
  const steps = Float64Array.from(filled.flatMap(({ quantiles }) => Array.from(quantiles))).sort()
  const share = (bound: number, side: 'least' | 'most') =>
    filled.reduce((all, slice) => all + countUpTo(slice, grid, bound, side), 0) / n
  const middle = value ?? firstAt(steps, (at) => (share(at, 'least') + share(at, 'most')) / 2 >= p)
  if (middle === undefined) return noEstimate(confidence, n)
  const worth = effective(n, residualsAt(slices, grid, middle, n), p * (1 - p), 1 - confidence)
  return withRanks({ value: middle, confidence, samples: n, p, worth }, (at, side) => {
    if (side === 'high') return firstAt(steps, (bound) => share(bound, 'least') >= at)
    // The largest value with fewer values at or below it, however they stand, than the rank.
    const above = firstIndex(steps, (bound) => share(bound, 'most') >= at)
    return above === 0 ? undefined : steps[above - 1]
  })
}

/** Values of a slice at or below a bound: at least, or at most. */
function countUpTo(
  { count, quantiles }: QuantileSlice,
  grid: readonly number[],
  bound: number,
  side: 'least' | 'most',
): number {
  let reached = 0
  while (reached < grid.length && (quantiles[reached] as number) <= bound) reached++
  // k6's percentile at share g lies at place g · (count - 1), between two values.
  const place = (g: number) => g * (count - 1)
  if (side === 'least')
    return reached === 0 ? 0 : Math.floor(place(grid[reached - 1] as number)) + 1
  return reached === grid.length ? count : Math.ceil(place(grid[reached] as number))
}

/** What each slice has at or below a value, in the middle of what the grid allows, less what it is expected to have. */
function residualsAt(
  slices: readonly QuantileSlice[],
  grid: readonly number[],
  value: number,
  n: number,
): number[] {
  const counts = slices.map((slice) =>
    slice.count === 0
      ? 0
      : (countUpTo(slice, grid, value, 'least') + countUpTo(slice, grid, value, 'most')) / 2,
  )
  const share = counts.reduce((all, count) => all + count, 0) / n
  return counts.map((count, i) => count - share * (slices[i]?.count ?? 0))
}

function firstAt(values: ArrayLike<number>, holds: (value: number) => boolean): number | undefined {
  return values[firstIndex(values, holds)]
}

/** Index of the first value that holds, by bisection; the length where none does. */
function firstIndex(values: ArrayLike<number>, holds: (value: number) => boolean): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(values[middle] as number)) high = middle
    else low = middle + 1
  }
  return low
}
