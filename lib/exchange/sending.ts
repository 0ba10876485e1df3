import type { Connection, Transport } from './types.ts'

/** The requests of a session on their way out, one after the other. */
export interface Sending {
  /** When the last byte was handed to the connection; undefined before, and when that failed. */
  readonly sentMs: number | undefined
  /** Another request begins: what is known is of the one before. */
  begin(): void
  /** @param withinMs how long the answer is wanted from now */
  start(connection: Connection, payload: string, withinMs: number): void
  /** Calls back once it is known whether the request was sent: at once, or within a second. */
  whenKnown(settle: () => void): void
}

/**
 * How long to wait for the engine to confirm the sending of a request whose answer is already here. Without it the
 * answer has no latencies; on a busy machine the official module was seen to take more than 50 ms.
 */
const patienceMs = 1000

/** @param events of the request that was started last */
export function createSending(
  transport: Transport,
  { onSent, onFailed }: { onSent(): void; onFailed(error: unknown): void },
): Sending {
  let started = 0
  let sentMs: number | undefined
  let known = false
  let waiting: (() => void) | undefined

  function settle(): void {
    known = true
    waiting?.()
  }

  return {
    get sentMs() {
      return sentMs
    },
    begin() {
      started++
      sentMs = waiting = undefined
      known = false
    },
    start(connection, payload, withinMs) {
      // The engine may tell of a request that was given up when the next one is already out.
      const mine = started
      connection.send(payload, withinMs).then(
        (atMs) => {
          if (mine !== started) return
          sentMs = atMs
          onSent()
          settle()
        },
        (error: unknown) => {
          if (mine !== started) return
          onFailed(error)
          settle()
        },
      )
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
