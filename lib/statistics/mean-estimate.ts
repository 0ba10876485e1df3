import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { levelSeries, valueSeries } from './levels.ts'
import { cellsOf } from './observations.ts'
import type { Observations } from './observations.ts'
import { studentQuantile } from './student.ts'
import { MANY, worthOf } from './worth.ts'
import type { Series } from './worth.ts'

/**
 * Fewest effective samples. Latencies under a queue are skewed, and a mean of few of them more so: in
 * virtual time at 80 to 90 % use, means that stood on 50 to 150 lay too low in 5 to 15 % of the runs.
 */
const LEAST_OF_MEAN = 250

/**
 * A mean with its interval: Student's t with the long-run variance of the sum. On the scale of the
 * logarithm where no value is negative, because a skewed series that saw few of its large values has too
 * small a mean and too small a variance at once.
 * @param confidence 0-1, two-sided
 */
export function meanEstimate(observations: Observations, confidence = 0.95): Estimate {
  const { values } = observations
  const n = values.length
  if (n === 0) return noEstimate(confidence)
  const cells = cellsOf(observations) ?? { of: new Uint8Array(n), count: 1 }
  let [sum, least] = [0, Infinity]
  for (let i = 0; i < n; i++) {
    sum += values[i] as number
    least = Math.min(least, values[i] as number)
  }
  const own = valueSeries(values, cells)
  const about = { value: sum / n, samples: n, own, positive: least >= 0, confidence }
  if (observations.timesMs !== undefined) {
    const sorted = Float64Array.from(values).sort()
    return meanOf({ ...about, beside: levelSeries(values, sorted, cells).slice(1) })
  }
  // Student's t with the variance that divides by n - 1.
  const t = studentQuantile(1 - confidence, Math.max(1, n - 1))
  return withHalf(about, n < 2 ? undefined : t * Math.sqrt(own.variance / (n - 1)), n)
}

interface About {
  readonly value: number
  readonly samples: number
  /** Whether no value is negative. */
  readonly positive: boolean
  readonly confidence: number
}

/** The estimate of a mean by its own series and those beside it. */
export function meanOf(
  about: About & { readonly own: Series; readonly beside: readonly Series[] },
): Estimate {
  const { samples, own, beside, confidence } = about
  const worth = worthOf(samples, own, beside, 1 - confidence)
  if (worth === undefined || worth.samples < LEAST_OF_MEAN)
    return withHalf(about, undefined, worth?.samples)
  // What is not known of the variance is in the number of samples.
  const normal = studentQuantile(1 - confidence, MANY)
  return withHalf(about, normal * Math.sqrt(own.variance / worth.sure), worth.samples)
}

function withHalf(
  about: About,
  half: number | undefined,
  effectiveSamples: number | undefined,
): Estimate {
  const { value, samples, positive, confidence } = about
  const none = { ...noEstimate(confidence, samples), value, effectiveSamples }
  // Values that are all alike say nothing of how much they differ.
  if (half === undefined || half === 0) return none
  if (!positive || value <= 0) return { ...none, low: value - half, high: value + half }
  const factor = Math.exp(half / value)
  return { ...none, low: value / factor, high: value * factor }
}
