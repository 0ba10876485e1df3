import { LEVELS } from './levels.ts'
import type { Series } from './worth.ts'

/** What a summary keeps of a series over a stretch of time. */
export interface GridSlice {
  readonly count: number
  /** Sum of the values: their mean times their number. */
  readonly sum: number
  /** Percentiles at the grid's shares, ascending; not read where count is 0. */
  readonly quantiles: ArrayLike<number>
}

/**
 * Shares at which percentiles per slice give useful bounds: the smallest and largest value, and close
 * steps around p50, p90, p95 and p99, because a bound is as coarse as the grid is there. 0-1.
 */
export const QUANTILE_GRID: readonly number[] = [
  0, 0.1, 0.2, 0.3, 0.36, 0.4, 0.43, 0.46, 0.48, 0.5, 0.52, 0.54, 0.57, 0.6, 0.64, 0.7, 0.75, 0.8,
  0.84, 0.86, 0.875, 0.89, 0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97, 0.975, 0.98, 0.985, 0.99,
  0.9925, 0.995, 0.9975, 0.999, 1,
]

/** Values of a slice at or below a bound: at least, or at most. Between two percentiles, any may stand. */
export function countUpTo(
  { count, quantiles }: GridSlice,
  grid: readonly number[],
  bound: number,
  side: 'least' | 'most',
): number {
  if (count === 0) return 0
  let reached = 0
  while (reached < grid.length && (quantiles[reached] as number) <= bound) reached++
  // k6's percentile at share g lies at place g · (count - 1), between two values.
  const place = (g: number) => g * (count - 1)
  if (side === 'least')
    return reached === 0 ? 0 : Math.floor(place(grid[reached - 1] as number)) + 1
  return reached === grid.length ? count : Math.ceil(place(grid[reached] as number))
}

/** Values at or below a bound, in all slices: at least, or at most. */
export function totalUpTo(
  slices: readonly GridSlice[],
  grid: readonly number[],
  bound: number,
  side: 'least' | 'most',
): number {
  return slices.reduce((all, slice) => all + countUpTo(slice, grid, bound, side), 0)
}

/** The share of values at or below a bound, as a series: in the middle of what the grid allows. */
export function gridShareSeries(
  slices: readonly GridSlice[],
  grid: readonly number[],
  bound: number,
): Series {
  const counts = slices.map(
    (slice) => (countUpTo(slice, grid, bound, 'least') + countUpTo(slice, grid, bound, 'most')) / 2,
  )
  const share = sumOf(counts) / sumOf(slices.map(({ count }) => count))
  return {
    residuals: counts.map((count, i) => count - share * (slices[i]?.count ?? 0)),
    variance: share * (1 - share),
  }
}

/** The values as a series, whose variance is that of values spread evenly between the percentiles. */
export function gridValueSeries(slices: readonly GridSlice[], grid: readonly number[]): Series {
  const mean = sumOf(slices.map(({ sum }) => sum)) / sumOf(slices.map(({ count }) => count))
  let [squares, weight] = [0, 0]
  for (const { count, quantiles } of slices) {
    if (count === 0) continue
    for (let i = 1; i < grid.length; i++) {
      const [a, b] = [(quantiles[i - 1] as number) - mean, (quantiles[i] as number) - mean]
      const part = count * ((grid[i] as number) - (grid[i - 1] as number))
      // Mean square of values spread evenly from a to b.
      squares += (part * (a * a + a * b + b * b)) / 3
      weight += part
    }
  }
  return {
    residuals: slices.map(({ count, sum }) => sum - mean * count),
    variance: weight === 0 ? 0 : squares / weight,
  }
}

/**
 * The values, and the shares at or below their own percentiles.
 * @param steps of {@link gridValues}
 */
export function gridLevelSeries(
  slices: readonly GridSlice[],
  grid: readonly number[],
  steps = gridValues(slices),
): Series[] {
  const bounds = LEVELS.map((level) => gridQuantile(slices, grid, level, steps))
  return [
    gridValueSeries(slices, grid),
    ...bounds.map((bound) => gridShareSeries(slices, grid, bound)),
  ]
}

/**
 * A quantile of all slices together, in the middle of what the grid allows.
 * @param steps of {@link gridValues}
 */
export function gridQuantile(
  slices: readonly GridSlice[],
  grid: readonly number[],
  p: number,
  steps: Float64Array,
): number {
  const n = sumOf(slices.map(({ count }) => count))
  const reached = (bound: number) =>
    totalUpTo(slices, grid, bound, 'least') + totalUpTo(slices, grid, bound, 'most') >= 2 * p * n
  return steps[Math.min(steps.length - 1, firstIndex(steps, reached))] as number
}

/** All percentiles of all slices, ascending. */
export function gridValues(slices: readonly GridSlice[]): Float64Array {
  const filled = slices.filter(({ count }) => count > 0)
  return Float64Array.from(filled.flatMap(({ quantiles }) => Array.from(quantiles))).sort()
}

/** Index of the first value that holds, by bisection; the length where none does. */
export function firstIndex(values: Float64Array, holds: (value: number) => boolean): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(values[middle] as number)) high = middle
    else low = middle + 1
  }
  return low
}

function sumOf(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
