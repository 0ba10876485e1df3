import type { Connection, Transport } from './types.ts'

/** A request on its way out. */
export interface Sending {
  /** When its last byte was handed to the connection; undefined before, and when that failed. */
  readonly sentMs: number | undefined
  /** Calls back once it is known whether the request was sent: at once, or within a second. */
  whenKnown(settle: () => void): void
}

/**
 * How long to wait for the engine to confirm the sending of a request whose answer is already here. Without it the
 * answer has no latencies; on a busy machine the official module was seen to take more than 50 ms.
 */
const patienceMs = 1000

/** @param job `wholeAtMs`: when the whole request must be over, on the run's clock */
export function sendOn(
  connection: Connection,
  job: { payload: string; wholeAtMs: number },
  transport: Transport,
  events: { onSent(): void; onFailed(error: unknown): void },
): Sending {
  let sentMs: number | undefined
  let known = false
  let waiting: (() => void) | undefined

  function settle(): void {
    known = true
    waiting?.()
  }

  connection.send(job.payload, job.wholeAtMs - transport.now()).then(
    (atMs) => {
      sentMs = atMs
      events.onSent()
      settle()
    },
    (error: unknown) => {
      events.onFailed(error)
      settle()
    },
  )
  return {
    get sentMs() {
      return sentMs
    },
    whenKnown(callBack) {
      if (known) return callBack()
      const timer = transport.setTimer(() => {
        waiting = undefined
        callBack()
      }, patienceMs)
      waiting = () => {
        transport.clearTimer(timer)
        callBack()
      }
    },
  }
}
