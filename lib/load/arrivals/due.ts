import { inverseOfIntegral, type RatePiece } from './curve.ts'

/** A start further behind is not late, ms: rather, arrivals before it were dropped. */
const LATEST_MS = 100

/**
 * When a request of an open loop with constant arrivals was due, which decides its phase. Arrival n is due
 * when the area under the rate is n + 1/2, as the plan's k6 scenario has it. k6 numbers the iterations that
 * it starts, so number n is arrival n, and may start late on a busy machine. Once arrivals have been
 * dropped it is a later one, which is taken to have started on time.
 *
 * @param pieces rate over time, requests/s: contiguous from 0 (phases of a plan will do)
 * @returns a function for one VU, called with a rising number of the iteration and the time of its start;
 *   times in ms from the start of the load
 */
export function createDueTimes(
  pieces: readonly RatePiece[],
): (n: number, startMs: number) => number {
  const at = inverseOfIntegral(pieces)
  return (n, startMs) => {
    const dueMs = at(n + 0.5)
    return startMs - dueMs > LATEST_MS ? startMs : dueMs
  }
}
