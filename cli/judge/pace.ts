import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** When the next request may be sent. */
export interface Pace {
  /** Waits for its turn. @returns false where the wait was ended by the signal */
  turn(): Promise<boolean>
  /** The server is busy: nobody sends anything for so long. */
  pause(ms: number): void
}

/**
 * @param rate most requests per second, evenly spaced; undefined: no limit
 * @param signal ends all waits
 */
export function createPace(rate: number | undefined, signal: AbortSignal): Pace {
  const gapMs = rate === undefined ? 0 : 1000 / rate
  let nextMs = -Infinity
  let openMs = -Infinity
  return {
    async turn() {
      for (;;) {
        if (signal.aborted) return false
        const now = performance.now()
        const fromMs = Math.max(nextMs, openMs)
        if (now >= fromMs) {
          nextMs = now + gapMs
          return true
        }
        await sleep(fromMs - now, undefined, { signal }).catch(() => {})
      }
    },
    pause(ms) {
      openMs = Math.max(openMs, performance.now() + ms)
    },
  }
}
