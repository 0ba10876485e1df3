import type { Cells } from './observations.ts'
import { percentileOf } from './percentile.ts'
import { spectrumOf } from './spectrum.ts'
import type { Spectrum } from './spectrum.ts'

/** Shares of the values, at whose percentiles dependence is looked for. */
export const LEVELS = [0.75, 0.9] as const

/**
 * The series that stand beside the share at or below a percentile: those of the levels up to it, and always the
 * lowest. Where none of them varies, as the largest values are all alike, the values themselves do.
 * @param own of the percentile
 * @param levels as {@link LEVELS}
 */
export function besideOf(
  own: Spectrum,
  levels: readonly Spectrum[],
  p: number,
  ofValues: () => Spectrum,
): Spectrum[] {
  const beside = levels.filter((_, i) => i === 0 || (LEVELS[i] as number) <= p)
  return [own, ...beside].some(({ variance }) => variance > 0) ? beside : [ofValues()]
}

/** The share of values at or below a bound, as a series. */
export function shareSeries(
  values: ArrayLike<number>,
  bound: number,
  { of, count, strata }: Cells,
): Spectrum {
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
  const residuals = below.map((n, i) => n - share * (all[i] as number))
  return spectrumOf(residuals, share * (1 - share), strata)
}

/** The shares at or below the values' own percentiles at the levels. */
export function levelSeries(
  values: ArrayLike<number>,
  sorted: Float64Array,
  cells: Cells,
): Spectrum[] {
  return LEVELS.map((level) => shareSeries(values, percentileOf(sorted, level) as number, cells))
}

/** The values as a series. */
export function valueSeries(values: ArrayLike<number>, { of, count, strata }: Cells): Spectrum {
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
  return spectrumOf(residuals, varies(variance, mean) ? variance : 0, strata)
}

const ROUNDING = 1e-9

/** Whether values differ: the mean of equal ones is off by its rounding, and by as much in every cell. */
export function varies(variance: number, mean: number): boolean {
  return variance > (ROUNDING * mean) ** 2
}
