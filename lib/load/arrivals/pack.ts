import { packTable, tableReader } from '../../packed/index.ts'
import type { Phase } from '../types.ts'
import { peakInFlight } from './schedule.ts'

const US = 1000

/** What a plan must know about a schedule; a packed schedule carries it, so no VU recomputes it. */
export interface ScheduleFacts {
  requests: number
  /** Due time of the last request, ms from the start of the load. */
  lastMs: number
  /** Most requests in flight if each took the expected time. */
  peakInFlight: number
  /** Most requests due within one second. */
  peakPerSecond: number
  /** Requests due in each phase, in the order of the phases given. */
  dueIn: readonly number[]
}

type Span = Pick<Phase, 'startMs' | 'endMs'>

/**
 * @param dueMs due times, never falling
 * @param expectedE2eMs how long a request is expected to take
 * @param phases of the plan that plays the schedule
 */
export function scheduleFacts(
  dueMs: ArrayLike<number>,
  expectedE2eMs: number,
  phases: readonly Span[] = [],
): ScheduleFacts {
  return {
    requests: dueMs.length,
    lastMs: dueMs.length === 0 ? 0 : (dueMs[dueMs.length - 1] as number),
    peakInFlight: peakInFlight(dueMs, expectedE2eMs),
    peakPerSecond: peakInFlight(dueMs, 1000),
    dueIn: phases.map((phase) => dueWithin(dueMs, phase)),
  }
}

/** @returns how many requests are due in the phase; one at a boundary belongs to the later phase */
export function dueWithin(dueMs: ArrayLike<number>, { startMs, endMs }: Span): number {
  let count = 0
  for (let n = 0; n < dueMs.length; n++) {
    const at = dueMs[n] as number
    if (at >= startMs && at < endMs) count++
  }
  return count
}

/**
 * A schedule as strings for a SharedArray: 5 to 6 bytes per request, times in whole microseconds.
 * @param dueMs due times, ms from the start of the load, never falling
 * @param expectedE2eMs how long a request is expected to take
 * @param phases of the plan that plays the schedule
 */
export function packSchedule(
  dueMs: Float64Array,
  expectedE2eMs: number,
  phases: readonly Span[] = [],
): string[] {
  const values = dueMs.map((due) => Math.round(due * US))
  const facts = scheduleFacts(dueMs, expectedE2eMs, phases)
  return packTable(dueMs.length, [{ name: 'dueUs', kind: 'int', values }], { schedule: facts })
}

export interface ScheduleReader {
  facts: ScheduleFacts
  /** Due time of the n-th request (`iterationInTest`), ms from the start of the load. */
  dueMs(n: number): number
}

/**
 * @param elements the strings of `packSchedule`: an array, or a SharedArray of them
 * @throws Error when they are not a packed schedule
 */
export function scheduleReader(elements: ArrayLike<string>): ScheduleReader {
  const table = tableReader(elements)
  const { schedule } = table.meta.notes as { schedule?: ScheduleFacts }
  const dueUs = table.ints('dueUs')
  if (schedule === undefined || dueUs === undefined) throw new Error('not a packed schedule')
  return { facts: schedule, dueMs: (n) => dueUs(n) / US }
}
