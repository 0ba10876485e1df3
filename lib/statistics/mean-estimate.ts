import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { longRun, studentT } from './long-run.ts'
import { cellsOf } from './observations.ts'
import type { Observations } from './observations.ts'

/** What a stretch of time holds of a series. */
export interface SumSlice {
  readonly count: number
  readonly sum: number
}

/**
 * A mean with its interval: Student's t with the long-run variance of the sum.
 * @param confidence 0-1, two-sided
 */
export function meanEstimate(observations: Observations, confidence = 0.95): Estimate {
  const { values } = observations
  const n = values.length
  if (n === 0) return noEstimate(confidence)
  const mean = sumOf(values) / n
  let squares = 0
  for (let i = 0; i < n; i++) squares += ((values[i] as number) - mean) ** 2
  const variance = squares / Math.max(1, n - 1)
  const cells = cellsOf(observations)
  if (cells === undefined) {
    const found = n < 2 ? undefined : { variance: n * variance, df: n - 1 }
    return around({ mean, n, variance, found, confidence })
  }
  const slices = Array.from({ length: cells.count }, () => ({ count: 0, sum: 0 }))
  for (let i = 0; i < n; i++) {
    const slice = slices[cells.of[i] as number] as { count: number; sum: number }
    slice.count++
    slice.sum += values[i] as number
  }
  return meanOfSlices(slices, variance, confidence)
}

/**
 * {@link meanEstimate} of sums over equal stretches of time, in order: what a summary keeps.
 * @returns no bounds with fewer than 8 slices
 */
export function meanEstimateFromSlices(slices: readonly SumSlice[], confidence = 0.95): Estimate {
  return meanOfSlices(slices, undefined, confidence)
}

/** @param variance of one value, where known: the mean is never taken to be surer than of independent ones */
function meanOfSlices(
  slices: readonly SumSlice[],
  variance: number | undefined,
  confidence: number,
): Estimate {
  const n = slices.reduce((all, { count }) => all + count, 0)
  if (n === 0) return noEstimate(confidence)
  const mean = slices.reduce((all, { sum }) => all + sum, 0) / n
  const residuals = slices.map(({ count, sum }) => sum - mean * count)
  const seen = longRun(residuals, 1 - confidence)
  const found = seen && { ...seen, variance: Math.max(seen.variance, n * (variance ?? 0)) }
  return around({ mean, n, variance, found, confidence })
}

function around(of: {
  mean: number
  n: number
  variance: number | undefined
  found: { variance: number; df: number } | undefined
  confidence: number
}): Estimate {
  const { mean, n, variance, found, confidence } = of
  if (found === undefined) return { ...noEstimate(confidence, n), value: mean }
  const half = (studentT(1 - confidence, found.df) * Math.sqrt(found.variance)) / n
  // Values that are all alike say nothing of how much they differ.
  if (half === 0) return { ...noEstimate(confidence, n), value: mean }
  return {
    value: mean,
    low: mean - half,
    high: mean + half,
    confidence,
    samples: n,
    effectiveSamples: variance && (n * n * variance) / found.variance,
  }
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i] as number
  return sum
}
