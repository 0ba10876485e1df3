import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { effective } from './effective.ts'
import type { Worth } from './effective.ts'
import { cellsOf } from './observations.ts'
import type { Observations } from './observations.ts'
import { rankBounds, samplesToBound } from './order-statistics.ts'
import { percentileOf } from './percentile.ts'

/**
 * A quantile with its interval: order statistics of as many independent samples as the series is worth.
 *
 * How much a quantile varies is how much the share of values at or below it does (Woodruff, "Confidence
 * intervals for medians and other position measures", 1952). That share's variance, with the dependence
 * between requests in it, gives the effective number of samples; its uncertainty counts as fewer (Korn
 * and Graubard, "Confidence intervals for proportions with small expected number of positive counts
 * estimated from survey data", 1998). The bounds are values that were measured, so ties and heavy tails
 * make them wider, never wrong.
 * @param p 0-1, neither end included
 * @param confidence 0-1, two-sided
 */
export function quantileEstimate(
  observations: Observations,
  p: number,
  confidence = 0.95,
): Estimate {
  const n = observations.values.length
  if (n === 0) return { ...noEstimate(confidence), needs: samplesToBound(p, (1 + confidence) / 2) }
  const sorted = Float64Array.from(observations.values).sort()
  const value = percentileOf(sorted, p) as number
  const cells = cellsOf(observations)
  const alpha = 1 - confidence
  const worth = effective(
    n,
    cells && shareResiduals(observations.values, value, cells),
    p * (1 - p),
    alpha,
  )
  return withRanks({ value, confidence, samples: n, p, worth }, (share, side) => {
    // The mean place of rank r among m samples is r / (m + 1).
    const rank = share * (n + 1)
    return sorted[side === 'low' ? Math.floor(rank + EXACT) - 1 : Math.ceil(rank - EXACT) - 1]
  })
}

/** Ranks found by bisection may miss a whole number by this. */
const EXACT = 1e-6

/** Values at or below `bound` in each cell, less what independent cells are expected to have. */
function shareResiduals(
  values: ArrayLike<number>,
  bound: number,
  { of, count }: { of: Uint8Array; count: number },
): Float64Array {
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
  return below.map((n, i) => n - share * (all[i] as number))
}

/** The estimate by ranks of the effective samples; `valueAt` gives the value at a share of the ranks. */
export function withRanks(
  about: { value: number; confidence: number; samples: number; p: number; worth: Worth },
  valueAt: (share: number, side: 'low' | 'high') => number | undefined,
): Estimate {
  const { value, confidence, samples, p, worth } = about
  const level = (1 + confidence) / 2
  const { samples: effectiveSamples, sure } = worth
  const ranks = sure === undefined ? undefined : rankBounds(sure, p, level)
  const at = (rank: number | undefined, side: 'low' | 'high') =>
    rank === undefined || sure === undefined ? undefined : valueAt(rank / (sure + 1), side)
  const [low, high] = [at(ranks?.low, 'low'), at(ranks?.high, 'high')]
  const estimate = { value, low, high, confidence, samples, effectiveSamples }
  if (low !== undefined && high !== undefined) return estimate
  const floor = samplesToBound(p, level)
  const needs = sure === undefined ? floor : Math.ceil((floor * samples) / sure)
  return { ...estimate, needs: Math.max(needs, samples + 1) }
}
