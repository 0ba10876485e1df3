import { coarse, COARSE_FACTORS } from './coarse.ts'
import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { levelSeries, shareSeries } from './levels.ts'
import { cellsOf } from './observations.ts'
import type { Observations } from './observations.ts'
import { rankBounds, samplesToBound } from './order-statistics.ts'
import { percentileOf } from './percentile.ts'
import { worthOf } from './worth.ts'
import type { Worth } from './worth.ts'

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
  const [estimate] = quantileEstimates(observations, [p], confidence)
  return estimate as Estimate
}

/**
 * {@link quantileEstimate} of several quantiles, which share what takes the time. Where values depend on each
 * other for too long, they are taken in steps of 10 %.
 */
export function quantileEstimates(
  observations: Observations,
  ps: readonly number[],
  confidence = 0.95,
): Estimate[] {
  const exact = estimatesOf(observations, ps, confidence)
  if (exact.every(({ effectiveSamples }) => effectiveSamples !== undefined)) return exact
  const centre = percentileOf(Float64Array.from(observations.values).sort(), 0.5) ?? 0
  if (!(centre > 0)) return exact
  const stepped = { ...observations, values: coarse(observations.values, centre) }
  const inSteps = estimatesOf(stepped, ps, confidence)
  return exact.map((own, i) => {
    const { low, high, ...other } = inSteps[i] as Estimate
    if (own.effectiveSamples !== undefined || other.effectiveSamples === undefined) return own
    return {
      ...other,
      value: own.value,
      low: low === undefined ? undefined : low * COARSE_FACTORS.low,
      high: high === undefined ? undefined : high * COARSE_FACTORS.high,
    }
  })
}

function estimatesOf(
  observations: Observations,
  ps: readonly number[],
  confidence: number,
): Estimate[] {
  const { values } = observations
  const n = values.length
  const alpha = 1 - confidence
  if (n === 0)
    return ps.map((p) => ({ ...noEstimate(confidence), needs: samplesToBound(p, 1 - alpha / 2) }))
  const sorted = Float64Array.from(values).sort()
  const cells = cellsOf(observations)
  const beside = cells === undefined ? [] : levelSeries(values, sorted, cells)
  return ps.map((p) => {
    const value = percentileOf(sorted, p) as number
    const worth =
      cells === undefined
        ? { samples: n, sure: n }
        : worthOf(n, shareSeries(values, value, cells), beside, alpha)
    return withRanks({ value, confidence, samples: n, p, worth }, (share, side) => {
      const rank = share * (n + 1)
      return sorted[side === 'low' ? Math.floor(rank + EXACT) - 1 : Math.ceil(rank - EXACT) - 1]
    })
  })
}

/** Ranks found by bisection may miss a whole number by this. */
const EXACT = 1e-6

/** The estimate by ranks of the effective samples; `valueAt` gives the value at a share of the ranks. */
export function withRanks(
  about: {
    value: number
    confidence: number
    samples: number
    p: number
    worth: Worth | undefined
  },
  valueAt: (share: number, side: 'low' | 'high') => number | undefined,
): Estimate {
  const { value, confidence, samples, p, worth } = about
  const level = (1 + confidence) / 2
  if (worth === undefined) return { ...noEstimate(confidence, samples), value }
  const { sure, samples: effectiveSamples } = worth
  const ranks = rankBounds(sure, p, level)
  // The mean place of rank r among m samples is r / (m + 1).
  const at = (rank: number | undefined, side: 'low' | 'high') =>
    rank === undefined ? undefined : valueAt(rank / (sure + 1), side)
  const [low, high] = [at(ranks.low, 'low'), at(ranks.high, 'high')]
  const estimate = { value, low, high, confidence, samples, effectiveSamples }
  if (low !== undefined && high !== undefined) return estimate
  const needs = Math.ceil((samplesToBound(p, level) * samples) / sure)
  return { ...estimate, needs: Math.max(needs, samples + 1) }
}
