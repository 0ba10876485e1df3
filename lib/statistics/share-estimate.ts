import { betaQuantile } from './beta.ts'
import { effective } from './effective.ts'
import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { cellsOf } from './observations.ts'
import type { Observations } from './observations.ts'

/** What a stretch of time holds of yes and no. */
export interface ShareSlice {
  readonly count: number
  readonly hits: number
}

/**
 * A share with its interval: Clopper and Pearson's exact bounds (1934) for as many independent samples as
 * the series is worth (Korn and Graubard 1998).
 *
 * Without a single hit (or miss) nothing shows whether they would come in groups; they are then taken to
 * come one by one.
 * @param observations values of 0 and 1
 * @param confidence 0-1, two-sided
 */
export function shareEstimate(observations: Observations, confidence = 0.95): Estimate {
  const { values } = observations
  const n = values.length
  let hits = 0
  for (let i = 0; i < n; i++) hits += values[i] as number
  const cells = cellsOf(observations)
  if (cells === undefined) return shareOf({ n, hits, residuals: undefined, confidence })
  const slices = Array.from({ length: cells.count }, () => ({ count: 0, hits: 0 }))
  for (let i = 0; i < n; i++) {
    const slice = slices[cells.of[i] as number] as { count: number; hits: number }
    slice.count++
    slice.hits += values[i] as number
  }
  return shareEstimateFromSlices(slices, confidence)
}

/**
 * {@link shareEstimate} of counts over equal stretches of time, in order: what a summary keeps.
 * @returns no bounds with fewer than 8 slices
 */
export function shareEstimateFromSlices(
  slices: readonly ShareSlice[],
  confidence = 0.95,
): Estimate {
  const n = slices.reduce((all, { count }) => all + count, 0)
  const hits = slices.reduce((all, slice) => all + slice.hits, 0)
  const residuals = slices.map((slice) => slice.hits - (hits / n) * slice.count)
  return shareOf({ n, hits, residuals, confidence })
}

function shareOf(of: {
  n: number
  hits: number
  residuals: readonly number[] | undefined
  confidence: number
}): Estimate {
  const { n, hits, residuals, confidence } = of
  if (n === 0) return noEstimate(confidence)
  const share = hits / n
  const alpha = 1 - confidence
  // Of none, or all, the residuals are all 0: the bounds are then those of independent samples.
  const variance = share * (1 - share) || 1
  const { samples: effectiveSamples, sure } = effective(n, residuals, variance, alpha)
  const none = { ...noEstimate(confidence, n), value: share }
  if (sure === undefined) return none
  const x = share * sure
  return {
    ...none,
    low: x === 0 ? 0 : betaQuantile(alpha / 2, x, sure - x + 1),
    high: x === sure ? 1 : betaQuantile(1 - alpha / 2, x + 1, sure - x),
    effectiveSamples,
  }
}
