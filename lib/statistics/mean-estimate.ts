import { orInSteps, rangeOf } from './coarse.ts'
import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { levelSeries, valueSeries } from './levels.ts'
import { cellsOf } from './observations.ts'
import type { Cells, Observations } from './observations.ts'
import { tooShort } from './long-run.ts'
import type { Spectrum } from './spectrum.ts'
import { normalQuantile, studentQuantile } from './student.ts'
import { worthOf } from './worth.ts'
import type { Caution } from './worth.ts'

/**
 * Effective samples of a mean that are few. Latencies under a queue are skewed, and a mean of few of them more so: a
 * run that saw few of the large values has too small a mean and too small a variance at once.
 */
const FEW = 400
/** Half as many more where a server is busy: from few to many of this many requests count as one. */
const BUSY = { from: 5, to: 12, times: 1.5 }
/** Samples of a mean that are few, whatever they are worth. */
const SHORT = 800
/**
 * Requests that count as one from which variances are enlarged by the logarithm of how many more do. In virtual time,
 * limits on the mean E2E of a trace at 90 % use, missed in truth, were called kept in 4 % of runs of 20,000 requests.
 */
const LONG = 10

const CAUTION: Caution = {
  few(inflation) {
    const { from, to, times } = BUSY
    const busy = Math.log(inflation / from) / Math.log(to / from)
    return FEW * (1 + (times - 1) * Math.min(1, Math.max(0, busy)))
  },
  short: SHORT,
  more: (inflation) => Math.max(0, Math.log(inflation / LONG)),
}
/** A bound that is this many times the mean, or the mean as many times the other one, says nothing. */
const WIDEST = 10

/**
 * A mean with its interval: the long-run variance of the sum with Student's t, on the scale of the logarithm where
 * no value is negative, because values that may be large now and then bound it worse from above. Values that
 * depend on each other for too long are taken in steps, as those of quantiles are.
 * @param confidence 0-1, two-sided
 * @returns no bounds where they would be more than ten times the mean
 */
export function meanEstimate(observations: Observations, confidence = 0.95): Estimate {
  const { values } = observations
  const n = values.length
  if (n === 0) return noEstimate(confidence)
  const cells = cellsOf(observations)
  if (cells === undefined) return independentMean(values, confidence)
  const sorted = Float64Array.from(values).sort()
  const exact = unlessAlike(dependentMean(values, sorted, cells, confidence))
  const [found] = orInSteps(
    [exact],
    rangeOf(sorted),
    () => true,
    (of) => [dependentMean(Float64Array.from(values, of), sorted.map(of), cells, confidence)],
  )
  return found as Estimate
}

/** Values that are all alike say nothing of how much they differ. */
export function unlessAlike(estimate: Estimate): Estimate {
  return estimate.low === estimate.high
    ? { ...estimate, low: undefined, high: undefined }
    : estimate
}

function dependentMean(
  values: ArrayLike<number>,
  sorted: Float64Array,
  cells: Cells,
  confidence: number,
): Estimate {
  const about = { ...aboutOf(values), confidence }
  const own = valueSeries(values, cells)
  return meanOf({ ...about, own, beside: levelSeries(values, sorted, cells) })
}

/** Student's t with the variance that divides by n - 1. */
function independentMean(values: ArrayLike<number>, confidence: number): Estimate {
  const about = { ...aboutOf(values), confidence }
  const n = values.length
  if (n < 2) return withHalf(about, undefined, n)
  let squares = 0
  for (let i = 0; i < n; i++) squares += ((values[i] as number) - about.value) ** 2
  const t = studentQuantile(1 - confidence, n - 1)
  return unlessAlike(withHalf(about, t * Math.sqrt(squares / (n - 1) / n), n))
}

function aboutOf(values: ArrayLike<number>) {
  const samples = values.length
  let [sum, least] = [0, Infinity]
  for (let i = 0; i < samples; i++) {
    sum += values[i] as number
    least = Math.min(least, values[i] as number)
  }
  return { value: sum / samples, samples, positive: least >= 0 }
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
  about: About & { readonly own: Spectrum; readonly beside: readonly Spectrum[] },
): Estimate {
  const { samples, own, beside, confidence } = about
  const worth = worthOf(samples, own, beside, 1 - confidence, CAUTION)
  if (worth === undefined || tooShort(own.parts)) return withHalf(about, undefined, undefined)
  // What is not known of the variance is in the number of samples.
  const normal = normalQuantile(1 - confidence)
  return withHalf(about, normal * Math.sqrt(own.variance / worth.sure), worth.samples)
}

function withHalf(
  about: About,
  half: number | undefined,
  effectiveSamples: number | undefined,
): Estimate {
  const { value, samples, positive, confidence } = about
  const none = { ...noEstimate(confidence, samples), value, effectiveSamples }
  if (half === undefined) return none
  if (!positive || value <= 0) return { ...none, low: value - half, high: value + half }
  const factor = Math.exp(half / value)
  return factor > WIDEST ? none : { ...none, low: value / factor, high: value * factor }
}
