import { sleep } from 'k6'

/** A request's place in time, ms on the run's clock. */
export interface Slot {
  /** Undefined without a schedule. */
  dueMs: number | undefined
  startMs: number
  /** How much later than asked the VU woke up; undefined when it did not sleep. */
  overshootMs: number | undefined
}

/**
 * Sleeps until a request is due. A VU that comes too late begins at once: the request is late, not
 * lost. k6's own sleep blocks the VU, which has nothing else to do, and ends when the run does.
 *
 * @param atMs when the iteration began: the start of a request that did not have to wait
 */
export function waitFor(dueMs: number | undefined, now: () => number, atMs: number): Slot {
  if (dueMs === undefined) return { dueMs, startMs: atMs, overshootMs: undefined }
  const waitMs = dueMs - now()
  if (waitMs <= 0) return { dueMs, startMs: Math.max(dueMs, now()), overshootMs: undefined }
  sleep(waitMs / 1000)
  // A timer may fire slightly early; a start before the due time would look like an error, not lateness.
  const startMs = Math.max(dueMs, now())
  return { dueMs, startMs, overshootMs: startMs - dueMs }
}

/** Waits, but not beyond the end of the load, with which the run ends. */
export function rest(pauseMs: number, leftMs: number): void {
  const ms = Math.min(pauseMs, leftMs)
  if (ms > 0) sleep(ms / 1000)
}

/** In a closed loop k6 starts the next iteration at once, and the load is over while others still end. */
export function idle(loop: 'open' | 'closed'): void {
  if (loop === 'closed') sleep(0.1)
}
