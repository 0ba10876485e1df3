import { betaQuantile } from './beta.ts'
import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { cellsOf } from './observations.ts'
import type { Observations } from './observations.ts'
import { spectrumOf } from './spectrum.ts'
import { strataOf } from './strata.ts'
import { independent, worthOf } from './worth.ts'
import type { Caution, Worth } from './worth.ts'

/** What a stretch of time holds of yes and no. */
export interface ShareSlice {
  readonly count: number
  readonly hits: number
  /** The phase that it is a part of, where there are several: what differs between phases is no chance. */
  readonly phase?: string | undefined
}

/**
 * A share with its interval: Clopper and Pearson's exact bounds (1934) for as many independent samples as
 * the series is worth (Korn and Graubard 1998).
 *
 * A few hits (or misses) do not show whether they come one by one or in groups, as failures do when a queue
 * overflows or a server restarts. They are then taken to come in groups of {@link UNSEEN} at least.
 * @param observations values of 0 and 1
 * @param confidence 0-1, two-sided
 */
export function shareEstimate(observations: Observations, confidence = 0.95): Estimate {
  const { values } = observations
  const n = values.length
  const cells = cellsOf(observations)
  if (cells === undefined) {
    let hits = 0
    for (let i = 0; i < n; i++) hits += values[i] as number
    return independentShare(n, hits, confidence)
  }
  const slices = cells.strata.flatMap((stratum, i) =>
    Array.from({ length: stratum.cells }, () => ({ count: 0, hits: 0, phase: String(i) })),
  )
  for (let i = 0; i < n; i++) {
    const slice = slices[cells.of[i] as number] as { count: number; hits: number }
    slice.count++
    slice.hits += values[i] as number
  }
  return shareEstimateFromSlices(slices, confidence)
}

/** {@link shareEstimate} of samples that do not depend on each other, from their counts. */
export function independentShare(n: number, hits: number, confidence: number): Estimate {
  return shareOf(n, hits, independent(n), confidence)
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
  if (n === 0) return noEstimate(confidence)
  const share = hits / n
  const residuals = slices.map((slice) => slice.hits - share * slice.count)
  const variance = share * (1 - share)
  const own = spectrumOf(residuals, variance, strataOf(slices))
  const found = variance === 0 ? independent(n) : worthOf(n, own, [], 1 - confidence, CAUTION)
  if (found === undefined) return shareOf(n, hits, undefined, confidence)
  if (found.sure < LEAST)
    return { ...shareOf(n, hits, undefined, confidence), effectiveSamples: found.samples }
  const groups = Math.min(hits, n - hits) * (found.samples / n)
  const sure = groups < GROUPS ? Math.min(found.sure, n / UNSEEN) : found.sure
  return shareOf(n, hits, { ...found, sure }, confidence)
}

/** Of a share, this many effective samples are few. */
const CAUTION: Caution = { few: () => 40 }
/** With fewer, an interval is nearly all that a share can be. */
const LEAST = 5
/** Size of the groups in which hits are taken to come as long as few groups were seen. */
const UNSEEN = 5
/** Groups from which their size shows. */
const GROUPS = 10

function shareOf(n: number, hits: number, worth: Worth | undefined, confidence: number): Estimate {
  if (n === 0) return noEstimate(confidence)
  const share = hits / n
  const none = { ...noEstimate(confidence, n), value: share }
  if (worth === undefined) return none
  const { sure, samples } = worth
  const level = (1 - confidence) / 2
  const x = share * sure
  return {
    ...none,
    low: hits === 0 ? 0 : betaQuantile(level, x, sure - x + 1),
    high: hits === n ? 1 : betaQuantile(1 - level, x + 1, sure - x),
    effectiveSamples: samples,
  }
}
