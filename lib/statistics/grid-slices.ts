import { LEVELS, varies } from './levels.ts'
import { spectrumOf } from './spectrum.ts'
import type { Spectrum } from './spectrum.ts'
import { strataOf } from './strata.ts'

/** What a summary keeps of a series over a stretch of time. */
export interface GridSlice {
  readonly count: number
  /** Sum of the values: their mean times their number. */
  readonly sum: number
  /** Percentiles at the grid's shares, ascending; not read where count is 0. */
  readonly quantiles: ArrayLike<number>
  /** The phase that it is a part of, where there are several: what differs between phases is no chance. */
  readonly phase?: string | undefined
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

/** k6's percentile at a share lies at this place among the values of a slice, between two of them. */
function placeOf(share: number, count: number): number {
  return share * (count - 1)
}

/** Values of a slice before a percentile of the grid, at most. @param index its place; the grid's length: all values */
function mostBefore(index: number, count: number, grid: readonly number[]): number {
  return index === grid.length ? count : Math.ceil(placeOf(grid[index] as number, count))
}

/** Values of a slice at or below a bound: at least, or at most. Between two percentiles, any may stand. */
function countUpTo(
  { count, quantiles }: GridSlice,
  grid: readonly number[],
  bound: number,
  side: 'least' | 'most',
): number {
  if (count === 0) return 0
  const above = firstIndex(quantiles, (value) => value > bound)
  if (side === 'most') return mostBefore(above, count, grid)
  return above === 0 ? 0 : Math.floor(placeOf(grid[above - 1] as number, count)) + 1
}

/** Values of a slice below a bound, at most. */
function countBelow(
  { count, quantiles }: GridSlice,
  grid: readonly number[],
  bound: number,
): number {
  if (count === 0) return 0
  const reached = firstIndex(quantiles, (value) => value >= bound)
  return mostBefore(reached, count, grid)
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

/** Values below a bound, in all slices, at most. */
export function totalBelow(
  slices: readonly GridSlice[],
  grid: readonly number[],
  bound: number,
): number {
  return slices.reduce((all, slice) => all + countBelow(slice, grid, bound), 0)
}

/** The share of values at or below a bound, as a series: in the middle of what the grid allows. */
export function gridShareSeries(
  slices: readonly GridSlice[],
  grid: readonly number[],
  bound: number,
): Spectrum {
  const counts = slices.map(
    (slice) => (countUpTo(slice, grid, bound, 'least') + countUpTo(slice, grid, bound, 'most')) / 2,
  )
  const share = sumOf(counts) / sumOf(slices.map(({ count }) => count))
  const residuals = counts.map((count, i) => count - share * (slices[i]?.count ?? 0))
  return spectrumOf(residuals, share * (1 - share), strataOf(slices))
}

/** The values as a series, whose variance is that of values spread evenly between the percentiles. */
export function gridValueSeries(slices: readonly GridSlice[], grid: readonly number[]): Spectrum {
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
  const residuals = slices.map(({ count, sum }) => sum - mean * count)
  const variance = weight === 0 ? 0 : squares / weight
  return spectrumOf(residuals, varies(variance, mean) ? variance : 0, strataOf(slices))
}

/**
 * The shares at or below the values' own percentiles at the levels.
 * @param steps of {@link gridValues}
 */
export function gridLevelSeries(
  slices: readonly GridSlice[],
  grid: readonly number[],
  steps = gridValues(slices),
): Spectrum[] {
  return LEVELS.map((level) =>
    gridShareSeries(slices, grid, gridQuantile(slices, grid, level, steps)),
  )
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
  const all: number[] = []
  for (const { count, quantiles } of slices) {
    for (let i = 0; count > 0 && i < quantiles.length; i++) all.push(quantiles[i] as number)
  }
  return Float64Array.from(all).sort()
}

/** The least value of all slices, and about their median; not a number without values. */
export function gridRange(
  slices: readonly GridSlice[],
  grid: readonly number[],
): { least: number; centre: number } {
  const steps = gridValues(slices)
  return { least: steps[0] ?? NaN, centre: gridQuantile(slices, grid, 0.5, steps) }
}

/** The slices of values in steps. @param of the step of a value, which grows with it */
export function inGridSteps(
  slices: readonly GridSlice[],
  grid: readonly number[],
  of: (value: number) => number,
): GridSlice[] {
  return slices.map((slice) => {
    const quantiles = Array.from(slice.quantiles, of)
    const sum = slice.count === 0 ? 0 : slice.count * meanOfGrid(quantiles, grid)
    return { ...slice, quantiles, sum }
  })
}

/** Mean of values spread evenly between percentiles. */
function meanOfGrid(quantiles: readonly number[], grid: readonly number[]): number {
  let [sum, weight] = [0, 0]
  for (let i = 1; i < grid.length; i++) {
    const part = (grid[i] as number) - (grid[i - 1] as number)
    sum += (part * ((quantiles[i] as number) + (quantiles[i - 1] as number))) / 2
    weight += part
  }
  return sum / weight
}

/** Index of the first value that holds, by bisection; the length where none does. */
export function firstIndex(values: ArrayLike<number>, holds: (value: number) => boolean): number {
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
