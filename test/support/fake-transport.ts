import type {
  Connection,
  ConnectionEvents,
  ConnectOutcome,
  Transport,
} from '../../lib/exchange/index.ts'
import { encodeUtf8 } from '../../lib/http/index.ts'

/** What a fake server does after a request was sent: `afterMs` counts from the step before. */
export type Step = { afterMs: number } & (
  | { data: string; readOffsets?: readonly [offset: number, agoMs: number][] }
  | { reset: string }
  | { close: true }
)

type Sends = { afterMs: number } | 'never' | { reject: string; afterMs?: number }

export interface FakeServer {
  /** Answers the n-th connection attempt; default: open after 1 ms. */
  connect?(attempt: number): { afterMs: number; outcome?: ConnectOutcome } | 'never' | 'reject'
  /** Steps for the n-th request of the m-th connection. */
  answer(payload: string, request: number, connection: number): Step[]
  /** How sending goes: default: done at once. */
  send?: Sends | ((connection: number) => Sends | undefined)
  /** For a transport that reads answers by itself: with what it gives up the n-th connection's request. */
  fault?(connection: number, sentMs: number): Error | undefined
  /** Whether the engine keeps connections between iterations; default: no, as most do not. */
  keeps?: boolean
  /** Who stamps the reads; default: the socket. */
  clock?: 'socket' | 'handler'
  /** Longest hold of arrived bytes that the transport states; default: 0. */
  holdMs?: number
  /** Longest wait of reads to be decoded together; default: 0, each at once. */
  gatherMs?: number
}

interface Timer {
  atMs: number
  order: number
  fn: () => void
}

/** A transport in virtual time: hours pass in a moment, and every run is the same. */
export function createFakeTransport(server: FakeServer) {
  let nowMs = 1000
  let order = 0
  const timers = new Map<number, Timer>()
  const connections: FakeConnection[] = []
  /** What each attempt to connect asked for as the longest hold, ms. */
  const holdsMs: (number | undefined)[] = []
  let attempts = 0
  /** Timers of the code under test that are still armed: has to be 0 when a request is over. */
  const owned = new Set<number>()

  function at(ms: number, fn: () => void): number {
    const id = order++
    timers.set(id, { atMs: nowMs + ms, order: id, fn })
    return id
  }

  interface FakeConnection extends Connection {
    open: boolean
    payloads: string[]
    closedByClient: boolean
    /** Part of no iteration: nothing is delivered. */
    detached: boolean
  }

  function connection(index: number): FakeConnection {
    let pending: number[] = []
    const later = (ms: number, fn: () => void) => pending.push(at(ms, fn))
    const made: FakeConnection = {
      events: {} as ConnectionEvents,
      open: true,
      clock: server.clock ?? 'socket',
      payloads: [],
      closedByClient: false,
      detached: false,
      detach() {
        if (made.detached || !made.open) return false
        made.detached = server.keeps === true
        return made.detached
      },
      attach() {
        const kept = made.detached && made.open
        made.detached = false
        return kept
      },
      close() {
        made.open = false
        made.closedByClient = true
        for (const id of pending) timers.delete(id)
        pending = []
      },
      send(payload) {
        made.payloads.push(payload)
        const send = typeof server.send === 'function' ? server.send(index) : server.send
        if (send === 'never') return new Promise(() => {})
        if (send !== undefined && 'reject' in send) {
          const error = new Error(send.reject)
          return new Promise((_, reject) => void at(send.afterMs ?? 0, () => reject(error)))
        }
        let ms = send?.afterMs ?? 0
        const sent = new Promise<number>((resolve) => {
          if (ms === 0) resolve(nowMs)
          else at(ms, () => resolve(nowMs))
        })
        ms = 0
        const fault = server.fault?.(index, nowMs)
        if (fault !== undefined) {
          return new Promise((_, reject) => void at(1, () => reject(fault)))
        }
        for (const step of server.answer(payload, made.payloads.length, index)) {
          ms += step.afterMs
          later(ms, () => {
            if (made.detached) {
              made.open = false
            } else if ('data' in step) {
              const offsets = step.readOffsets ?? [[0, 0] as const]
              const stamps = offsets.flatMap(([offset, agoMs]) => [offset, nowMs - agoMs])
              made.events.onData(encodeUtf8(step.data), stamps)
            } else if ('reset' in step) {
              made.open = false
              made.events.onError(step.reset)
              made.events.onClose()
            } else {
              made.open = false
              made.events.onClose()
            }
          })
        }
        return sent
      },
    }
    connections.push(made)
    return made
  }

  const transport: Transport = {
    now: () => nowMs,
    setTimer(fn, ms) {
      const id = at(ms, () => {
        owned.delete(id)
        fn()
      })
      owned.add(id)
      return id
    },
    clearTimer(handle) {
      timers.delete(handle as number)
      owned.delete(handle as number)
    },
    holdMs: server.holdMs ?? 0,
    gatherMs: server.gatherMs ?? 0,
    connect(_target, holdMs) {
      holdsMs.push(holdMs)
      const index = ++attempts
      const plan = server.connect?.(index) ?? { afterMs: 1 }
      if (plan === 'never') return new Promise(() => {})
      if (plan === 'reject') return Promise.reject(new Error('the module threw'))
      return new Promise((resolve) => {
        at(plan.afterMs, () =>
          resolve(
            plan.outcome ?? { ok: true, connection: connection(index), connectingMs: plan.afterMs },
          ),
        )
      })
    },
  }

  function nearest(): Timer | undefined {
    let found: Timer | undefined
    for (const timer of timers.values()) {
      if (found === undefined || timer.atMs < found.atMs) found = timer
      else if (timer.atMs === found.atMs && timer.order < found.order) found = timer
    }
    return found
  }

  /** Runs virtual time until `promise` is settled; throws when nothing could settle it any more. */
  async function run<T>(promise: Promise<T>): Promise<T> {
    let settled = false
    const mark = () => {
      settled = true
    }
    promise.then(mark, mark)
    for (let turn = 0; turn < 100_000; turn++) {
      for (let i = 0; i < 20; i++) await Promise.resolve()
      if (settled) return promise
      const next = nearest()
      if (next === undefined) throw new Error('it hangs: no timer is armed and no data will come')
      timers.delete(next.order)
      nowMs = Math.max(nowMs, next.atMs)
      next.fn()
    }
    throw new Error('it does not end')
  }

  return {
    transport,
    run,
    connections,
    holdsMs,
    openTimers: () => owned.size,
    /** The iteration ends in the middle of a request: nothing that it waits for comes any more. */
    cutOff() {
      timers.clear()
      owned.clear()
      for (const one of connections) one.open = false
    },
    advance: (ms: number) => run(new Promise<void>((resolve) => at(ms, resolve))),
  }
}
