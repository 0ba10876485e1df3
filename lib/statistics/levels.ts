import type { Cells } from './observations.ts'
import { percentileOf } from './percentile.ts'
import type { Series } from './worth.ts'

/** Shares of the values, at whose percentiles dependence is looked for. */
export const LEVELS = [0.5, 0.75, 0.9, 0.95]

/** The share of values at or below a bound, as a series. */
export function shareSeries(
  values: ArrayLike<number>,
  bound: number,
  { of, count }: Cells,
): Series {
  const all = new Float64Array(count)
  const below = new Float64Array(count)
  let total = 0
  for (let i = 0; i < values.length; i++) {
    const cell = of[i] as number
    all[cell]!++
    if ((values[i] as number) <= bound) {
      below[cell]!++
      total++
    }
  }
  const share = total / values.length
  return {
    residuals: below.map((n, i) => n - share * (all[i] as number)),
    variance: share * (1 - share),
  }
}

/** The values themselves, and the shares at or below their own percentiles. */
export function levelSeries(
  values: ArrayLike<number>,
  sorted: Float64Array,
  cells: Cells,
): Series[] {
  const bounds = LEVELS.map((level) => percentileOf(sorted, level) as number)
  return [valueSeries(values, cells), ...bounds.map((bound) => shareSeries(values, bound, cells))]
}

const ROUNDING = 1e-9

/** The values as a series. */
export function valueSeries(values: ArrayLike<number>, { of, count }: Cells): Series {
  const n = values.length
  let sum = 0
  for (let i = 0; i < n; i++) sum += values[i] as number
  const mean = sum / n
  const residuals = new Float64Array(count)
  let squares = 0
  for (let i = 0; i < n; i++) {
    const off = (values[i] as number) - mean
    residuals[of[i] as number]! += off
    squares += off * off
  }
  const variance = squares / n
  // The mean of equal values is off by its rounding, and by as much in every cell.
  return { residuals, variance: variance > (ROUNDING * mean) ** 2 ? variance : 0 }
}
