import type { Transport } from '../exchange/index.ts'

/** Short compared with an answer, long compared with the cost of a timer; one per request. */
const PROBE_MS = 20

/**
 * A timer inside the VU while its answer streams. How much later than asked it fires shows how late this
 * VU's handlers run, whatever the reason (its own work, too few processors).
 */
export function startProbe({ now, setTimer, clearTimer }: Transport) {
  const dueMs = now() + PROBE_MS
  let overshootMs: number | undefined
  const timer = setTimer(() => {
    overshootMs = Math.max(0, now() - dueMs)
  }, PROBE_MS)
  return {
    /** @returns the overshoot in ms; undefined when the answer ended before the timer fired */
    stop(): number | undefined {
      clearTimer(timer)
      return overshootMs
    },
  }
}
