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
  /** The phase that it is a part of, where there are several: what differs between phases is no chance. */
  readonly phase?: string | undefined
}

/**
 * Variances are taken to be this many times what a run shows. What a server completes is steadied by its queue,
 * so that amounts over short times say little of those over long ones: in virtual time at 90 % use in bursts,
 * intervals from 1,000 requests held in 91 % of the runs at 2 times, and in 95 % at 3.
 */
const CAUTION = 3
/** An interval that reaches from 0 to this many times the rate and more says nothing. */
const WIDEST = 2

/**
 * A rate with its interval, per second: Student's t with the long-run variance of the amounts.
 * @param slices equal stretches of time, in order; at least 8, and best 128 (of each phase)
 * @param confidence 0-1, two-sided
 * @returns `samples` is the number of slices
 */
export function rateEstimateFromSlices(slices: readonly RateSlice[], confidence = 0.95): Estimate {
  const lengthMs = slices.reduce((all, slice) => all + slice.lengthMs, 0)
  const amount = slices.reduce((all, slice) => all + slice.amount, 0)
  if (!(lengthMs > 0)) return noEstimate(confidence)
  const perMs = amount / lengthMs
  const none = { ...noEstimate(confidence, slices.length), value: 1000 * perMs }
  const residuals = slices.map((slice) => slice.amount - perMs * slice.lengthMs)
  const parts = partsOf(residuals, strataOf(slices))
  if (tooShort(parts) || parts.some(remembersTooLong)) return none
  const memories = parts.map(({ memory }) => memory.correlation)
  const found = longRun(parts, memories)
  // Slices that are all alike say nothing of how much they differ.
  if (found.variance === 0) return none
  const error = Math.sqrt(CAUTION * found.variance) / lengthMs
  const half = 1000 * studentQuantile(1 - confidence, found.df) * error
  if (half > WIDEST * none.value) return none
  return { ...none, low: Math.max(0, none.value - half), high: none.value + half }
}
