import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { longRun, tooShort } from './long-run.ts'
import { partsOf } from './spectrum.ts'
import { strataOf } from './strata.ts'
import { studentQuantile } from './student.ts'
import { remembersTooLong } from './worth.ts'

/** What came within a stretch of time: requests, tokens. */
export interface RateSlice {
  readonly lengthMs: number
  readonly amount: number
  /** What the requests of that time have brought in the end, where what they brought came later. */
  readonly asked?: number | undefined
  /** The phase that it is a part of, where there are several: what differs between phases is no chance. */
  readonly phase?: string | undefined
}

/**
 * Variances are taken to be this many times what a run shows, where it is known what was asked for when. In virtual
 * time at 20 to 95 % use, intervals held in 97.8 % of the runs and more.
 */
const CAUTION = 2
/** The same where it is not: at 90 % use in bursts, intervals from 1,000 requests then hold in 95 % of the runs. */
const CAUTION_UNASKED = 3
/** An interval that reaches from 0 to this many times the rate and more says nothing. */
const WIDEST = 2

/**
 * A rate with its interval, per second: Student's t with the long-run variance of the amounts.
 *
 * What a server completes is steadied by its queue, so that amounts over short times say little of those over long
 * ones: of a run that it was busy all along, they hardly vary. What was asked for is steadied by nothing, and in the
 * long run as much comes as was asked for. So the variance is that of whichever varies more.
 * @param slices equal stretches of time, in order; at least 8, and best 128 (of each phase)
 * @param confidence 0-1, two-sided
 * @returns `samples` is the number of slices
 */
export function rateEstimateFromSlices(slices: readonly RateSlice[], confidence = 0.95): Estimate {
  const lengthMs = slices.reduce((all, slice) => all + slice.lengthMs, 0)
  if (!(lengthMs > 0)) return noEstimate(confidence)
  const rate = (1000 * sumOf(slices.map(({ amount }) => amount))) / lengthMs
  const none = { ...noEstimate(confidence, slices.length), value: rate }
  const came = errorOf(slices, ({ amount }) => amount, confidence)
  const isAsked = slices.every(({ asked }) => asked !== undefined)
  const asked = isAsked ? errorOf(slices, (slice) => slice.asked as number, confidence) : came
  if (came === undefined || asked === undefined) return none
  const half = Math.sqrt(isAsked ? CAUTION : CAUTION_UNASKED) * Math.max(came, asked)
  // Slices that are all alike say nothing of how much they differ.
  if (half === 0 || half > WIDEST * rate) return none
  return { ...none, low: Math.max(0, rate - half), high: rate + half }
}

/** Half of the interval of a rate, per second, without caution; undefined where the slices do not tell. */
function errorOf(
  slices: readonly RateSlice[],
  amountOf: (slice: RateSlice) => number,
  confidence: number,
): number | undefined {
  const lengthMs = sumOf(slices.map((slice) => slice.lengthMs))
  const perMs = sumOf(slices.map(amountOf)) / lengthMs
  const parts = partsOf(
    slices.map((slice) => amountOf(slice) - perMs * slice.lengthMs),
    strataOf(slices),
  )
  if (tooShort(parts) || parts.some(remembersTooLong)) return undefined
  const memories = parts.map(({ memory }) => memory.correlation)
  const { variance, df } = longRun(parts, memories)
  return (1000 * studentQuantile(1 - confidence, df) * Math.sqrt(variance)) / lengthMs
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
