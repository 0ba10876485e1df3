import { memoryOf } from './correlation.ts'
import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { longRun } from './long-run.ts'
import { studentQuantile } from './student.ts'
import { CAUTION, LONGEST_MEMORY } from './worth.ts'

/** What came within a stretch of time: requests, tokens. */
export interface RateSlice {
  readonly lengthMs: number
  readonly amount: number
}

/**
 * A rate with its interval, per second: Student's t with the long-run variance of the amounts.
 * @param slices equal stretches of time, in order; at least 8, and best 128
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
  const { correlation, slow } = memoryOf(residuals)
  if (slow > LONGEST_MEMORY * slices.length) return none
  const found = longRun(residuals, correlation)
  // Slices that are all alike say nothing of how much they differ.
  if (found === undefined || found.variance === 0) return none
  const error = Math.sqrt(CAUTION * found.variance) / lengthMs
  const half = 1000 * studentQuantile(1 - confidence, found.df) * error
  return { ...none, low: Math.max(0, none.value - half), high: none.value + half }
}

/** Slices that single events are summed up over. */
const SLICES = 128

/**
 * {@link rateEstimateFromSlices} of single events within a window.
 * @param timesMs of the events, in any order; those outside the window do not count
 * @param amounts of the events; 1 each where undefined
 */
export function rateEstimate(
  events: {
    readonly timesMs: ArrayLike<number>
    readonly amounts?: ArrayLike<number> | undefined
    readonly startMs: number
    readonly endMs: number
  },
  confidence = 0.95,
): Estimate {
  const { timesMs, amounts, startMs, endMs } = events
  const lengthMs = (endMs - startMs) / SLICES
  const slices = Array.from({ length: SLICES }, () => ({ lengthMs, amount: 0 }))
  for (let i = 0; i < timesMs.length; i++) {
    const slice = slices[Math.floor(((timesMs[i] as number) - startMs) / lengthMs)]
    if (slice !== undefined) slice.amount += amounts === undefined ? 1 : (amounts[i] as number)
  }
  return rateEstimateFromSlices(slices, confidence)
}
