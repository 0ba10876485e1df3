import type { Transport } from '../exchange/index.ts'

/** Short compared with an answer, long compared with the cost of a timer; one per request. */
const PROBE_MS = 20

/**
 * A timer inside the VU while its answer streams, for one request at a time. How much later than asked it fires
 * shows how late this VU's handlers run, whatever the reason (its own work, too few processors).
 */
export function createProbe({ now, setTimer, clearTimer }: Transport) {
  let dueMs: number
  let overshootMs: number | undefined
  let timer: unknown
  const onTimer = () => {
    overshootMs = Math.max(0, now() - dueMs)
  }
  return {
    start(): void {
      dueMs = now() + PROBE_MS
      overshootMs = undefined
      timer = setTimer(onTimer, PROBE_MS)
    },
    /** @returns the overshoot in ms; undefined when the answer ended before the timer fired */
    stop(): number | undefined {
      clearTimer(timer)
      return overshootMs
    },
  }
}
