import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { normalQuantile } from './student.ts'

/**
 * A share, or a mean of scores between 0 and 1, of independent samples, with Wilson's score interval (1927).
 * Of scores between, the interval is too wide rather than too narrow: with a mean of m their variance is at
 * most m (1 - m), which is that of a share.
 * @param sum of hits, or of scores
 * @param samples number of them
 * @param confidence 0-1, two-sided
 */
export function wilsonEstimate(sum: number, samples: number, confidence = 0.95): Estimate {
  if (samples === 0) return noEstimate(confidence)
  const z = normalQuantile(1 - confidence)
  const share = sum / samples
  const weight = 1 + (z * z) / samples
  const middle = (share + (z * z) / (2 * samples)) / weight
  const spread = Math.sqrt((share * (1 - share)) / samples + (z * z) / (4 * samples * samples))
  const half = (z * spread) / weight
  return {
    ...noEstimate(confidence, samples),
    value: share,
    // Where all or none hit, rounding must not move a bound past what is possible.
    low: share === 0 ? 0 : Math.max(0, middle - half),
    high: share === 1 ? 1 : Math.min(1, middle + half),
    effectiveSamples: samples,
  }
}
