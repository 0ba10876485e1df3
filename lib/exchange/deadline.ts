import type { Deadlines, Transport } from './types.ts'

export interface Deadline {
  atMs: number
  what: 'first_token' | 'idle' | 'whole' | 'abort' | 'grace' | 'gathered'
}

const checkedOnce = { abort: true, grace: true, gathered: true }

/** The next deadline, depending on how far a request has come. Times on the run's clock. */
export function nearestDeadline(
  job: { deadlines: Deadlines; wholeAtMs: number; abortAfter: { ms?: number } | undefined },
  now: {
    sentMs: number | undefined
    lastReadMs: number | undefined
    /** Until when the end of the body is waited for after the terminal marker. */
    graceEndsMs: number | undefined
    /** When reads that were gathered are to be decoded. */
    gatheredUntilMs: number
    /** Whether the answer is a stream of which no token has come. */
    waitsForToken: boolean
  },
): Deadline {
  const { deadlines, abortAfter } = job
  const { sentMs, lastReadMs } = now
  const whole: Deadline = { atMs: job.wholeAtMs, what: 'whole' }
  const unsent = sooner(sooner(whole, now.gatheredUntilMs, 'gathered'), now.graceEndsMs, 'grace')
  if (sentMs === undefined) return unsent
  const sent = sooner(unsent, sentMs + (abortAfter?.ms ?? Infinity), 'abort')
  return now.waitsForToken
    ? sooner(sent, sentMs + deadlines.firstTokenMs, 'first_token')
    : sooner(sent, (lastReadMs ?? Infinity) + deadlines.idleMs, 'idle')
}

/** No deadline that counts from the sending can come sooner than this after it, ms. */
export function soonestMs(
  { deadlines, abortAfter }: { deadlines: Deadlines; abortAfter: { ms?: number } | undefined },
  stream: boolean,
): number {
  const first = stream ? deadlines.firstTokenMs : deadlines.idleMs
  return Math.min(first, abortAfter?.ms ?? Infinity)
}

function sooner(than: Deadline, atMs = Infinity, what: Deadline['what']): Deadline {
  return atMs < than.atMs ? { atMs, what } : than
}

/**
 * One timer for all deadlines of a request: no work per token. `next` gives the nearest deadline each time
 * the timer fires, so the deadline moves on with the reads, and the timer is set anew only when one comes
 * nearer: setting one costs as much as reading 20 tokens. Data that would have met a deadline may still
 * be held for delivery, or wait behind the timer in a busy engine's queue. So each deadline is checked
 * twice, with the hold time and a turn of the event loop in between. An abort needs no second check,
 * nor does the end of a body that may never come, nor what the client itself has put off. Bytes that arrived
 * after a deadline tell as well that it has passed: a server that sends without end can keep the timer waiting.
 */
export function createDeadlineTimer(
  transport: Transport,
  next: () => Deadline,
  onExpired: (what: Deadline['what']) => void,
): {
  /** Deadlines have moved. @param noLaterMs looks at them again at this time, on the run's clock */
  moved(noLaterMs?: number): void
  /** Reports a deadline that came before this moment, by which all that had arrived was read. */
  readUntil(atMs: number): void
  /** The request is over; the next one begins anew. */
  clear(): void
} {
  const secondLookMs = 5 + transport.holdMs
  let handle: unknown
  let armed = false
  let armedMs = Infinity
  let looked: number | undefined

  function clear(): void {
    if (armed) transport.clearTimer(handle)
    armed = false
    armedMs = Infinity
    looked = undefined
  }

  function moved(noLaterMs = Infinity): void {
    const atMs = Math.min(next().atMs, noLaterMs)
    if (armed && armedMs <= atMs) return
    const nowMs = transport.now()
    armedMs = Math.max(atMs, nowMs)
    arm(atMs - nowMs)
  }

  function readUntil(atMs: number): void {
    // The timer is never set beyond the deadline, but for its second look.
    if (atMs <= armedMs && looked === undefined) return
    const nearest = next()
    // Reads that were put off are decoded with the one at hand.
    if (atMs > nearest.atMs && nearest.what !== 'gathered') onExpired(nearest.what)
  }

  function arm(ms: number): void {
    // Set before the other one is cleared: when no timer is left, k6 ends its queue of timers together
    // with a goroutine, and the script waits for that.
    const other = armed ? handle : undefined
    handle = transport.setTimer(onTimer, Math.max(1, Math.ceil(ms)))
    if (armed) transport.clearTimer(other)
    armed = true
  }

  function onTimer(): void {
    armed = false
    const { atMs, what } = next()
    const nowMs = transport.now()
    const left = atMs - nowMs
    if (left > 0) {
      armedMs = atMs
      arm(left)
    } else if (looked !== atMs && !(what in checkedOnce)) {
      looked = atMs
      armedMs = nowMs + secondLookMs
      arm(secondLookMs)
    } else onExpired(what)
  }

  return { moved, readUntil, clear }
}
