import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { longRun, studentT } from './long-run.ts'

/** What came within a stretch of time: requests, tokens. */
export interface RateSlice {
  readonly lengthMs: number
  readonly amount: number
  /** Events that the amount is the sum of, where known. */
  readonly count?: number | undefined
}

/**
 * A rate with its interval, per second: Student's t with the long-run variance of the amounts per slice.
 * @param slices equal stretches of time, in order; at least 8, and best 64
 * @param confidence 0-1, two-sided
 */
export function rateEstimateFromSlices(slices: readonly RateSlice[], confidence = 0.95): Estimate {
  const lengthMs = slices.reduce((all, slice) => all + slice.lengthMs, 0)
  const amount = slices.reduce((all, slice) => all + slice.amount, 0)
  const samples = slices.reduce((all, { count = 0 }) => all + count, 0)
  if (!(lengthMs > 0)) return noEstimate(confidence)
  const perMs = amount / lengthMs
  const value = 1000 * perMs
  const found = longRun(
    slices.map((slice) => slice.amount - perMs * slice.lengthMs),
    1 - confidence,
  )
  const half =
    found === undefined
      ? 0
      : (1000 * studentT(1 - confidence, found.df) * Math.sqrt(found.variance)) / lengthMs
  // Slices that are all alike say nothing of how much they differ.
  if (half === 0) return { ...noEstimate(confidence, samples), value }
  return { ...noEstimate(confidence, samples), value, low: value - half, high: value + half }
}

/**
 * {@link rateEstimateFromSlices} of single events within a window.
 * @param timesMs of the events, in any order; those outside the window do not count
 * @param amounts of the events; 1 each where undefined
 */
export function rateEstimate(
  {
    timesMs,
    amounts,
    startMs,
    endMs,
  }: {
    readonly timesMs: ArrayLike<number>
    readonly amounts?: ArrayLike<number> | undefined
    readonly startMs: number
    readonly endMs: number
  },
  confidence = 0.95,
): Estimate {
  const lengthMs = (endMs - startMs) / CELLS
  const cells = Array.from({ length: CELLS }, () => ({ lengthMs, amount: 0, count: 0 }))
  for (let i = 0; i < timesMs.length; i++) {
    const cell = cells[Math.floor(((timesMs[i] as number) - startMs) / lengthMs)]
    if (cell === undefined) continue
    cell.amount += amounts === undefined ? 1 : (amounts[i] as number)
    cell.count++
  }
  return rateEstimateFromSlices(cells, confidence)
}

const CELLS = 64
