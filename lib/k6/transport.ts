import { Socket } from 'k6/x/tcp'
import { DEAF, tlsFault, TOGETHER_MS } from '../exchange/index.ts'
import type {
  ClockSource,
  Connection,
  ConnectOutcome,
  FindRepeats,
  Target,
  Transport,
} from '../exchange/index.ts'
import { createByteString } from './byte-string.ts'
import { createClock } from './clock.ts'
import { COALESCE_MS, handOverAt } from './coalesce.ts'

/** Our own module declares that it stamps reads; with the official one, reads are stamped here. */
export const CLOCK: ClockSource = Socket.arrivalTimes === true ? 'socket' : 'handler'

/** Our own module collects samples and hands them over together. */
export const { addSample, pushSamples } = Socket

/** Our own module adds to sums that all VUs of the process share: `(name, value) => sum`. */
export const addUp = Socket.addUp

/**
 * Transport over `k6/x/tcp`: the official module, or our own, which also stamps reads at the socket.
 *
 * @param onDelay own module only: called at each delivery with the ms by which the handler ran later
 *   than it should have (`handOverAt`)
 */
export function createTransport(
  tags: Record<string, string> = {},
  onDelay: (ms: number) => void = () => {},
): Transport {
  const now = Socket.now ?? createClock()
  const toByteString = createByteString()

  return {
    now,
    setTimer: Socket.setTimer ?? setTimeout,
    clearTimer: (Socket.clearTimer ?? clearTimeout) as (handle: unknown) => void,
    holdMs: CLOCK === 'socket' ? COALESCE_MS : 0,
    gatherMs: CLOCK === 'handler' ? COALESCE_MS : 0,
    connect,
  }

  async function connect(target: Target, holdMs = COALESCE_MS): Promise<ConnectOutcome> {
    const socket = new Socket({
      tags,
      encoding: 'latin1',
      coalesce: { maxDelayMs: holdMs, until: 'answer' },
    })
    /** A server that wants a client certificate says so once the handshake is over: nobody may listen yet. */
    let failure: Error | undefined
    let closed = false
    /** What the socket has told says more than that there is no connection any more. */
    const unsent = (error: unknown) => Promise.reject<number>(failure ?? error)
    const connection: Connection = {
      events: DEAF,
      get open() {
        return socket.ready_state === 'open'
      },
      clock: CLOCK,
      send(payload) {
        const handedOver = now()
        try {
          return socket.write(payload).then((atMs) => atMs ?? handedOver, unsent)
        } catch (error) {
          return unsent(error)
        }
      },
      close() {
        closed = true
        socket.destroy()
      },
      // The official module ties a socket to its iteration.
      detach: () => socket.detach?.() ?? false,
      attach: () => socket.attach?.() ?? false,
    }

    const find: FindRepeats | undefined =
      socket.repeats &&
      ((offset, head, tail) => {
        const found = socket.repeats!(offset, head, tail, TOGETHER_MS)
        if (found === undefined) return undefined
        const [end, bodyBytes, textBytes, timesMs, longestGapMs, gapsApart] = found
        return { end, bodyBytes, textBytes, timesMs, longestGapMs, gapsApart }
      })

    // Without this handler 17-25 % of the iterations of 100 VUs that started together ended silently after
    // connect(): the official module (0.3.0, 0.3.1) keeps an iteration alive only once it delivers an event.
    socket.on('connect', () => {})
    socket.on('data', (data, stamps) => {
      // The official module still hands out what it has read before.
      if (closed) return
      const atMs = now()
      const text = typeof data === 'string' ? data : toByteString(data)
      if (stamps !== undefined) {
        const dueMs = handOverAt(stamps, holdMs)
        // Earlier than that: something else triggered the delivery.
        if (atMs >= dueMs) onDelay(atMs - dueMs)
      }
      connection.events.onData(text, stamps ?? [0, atMs], find)
    })
    socket.on('error', (error) => {
      const message = String(error.message ?? error)
      failure ??= new Error(message)
      connection.events.onError(message)
    })
    socket.on('close', () => connection.events.onClose())

    const beganMs = now()
    try {
      const { host, port, tls } = target
      const tlsMs = await socket.connect({ host, port, tls })
      return { ok: true, connection, connectingMs: now() - beganMs, tlsMs }
    } catch (error) {
      socket.destroy()
      return { ok: false, ...connectFailure(error) }
    }
  }
}

function connectFailure(error: unknown): {
  reason: Exclude<ConnectOutcome, { ok: true }>['reason']
  message: string
} {
  const message = String((error as { message?: unknown } | null)?.message ?? error)
  if (/refused/i.test(message)) return { reason: 'connect_refused', message }
  if (/lookup|no such host|dns/i.test(message)) return { reason: 'dns', message }
  const tls = tlsFault(message)
  if (tls !== undefined) return { reason: tls, message }
  if (/timeout|timed out/i.test(message)) return { reason: 'connect_timeout', message }
  return { reason: 'connect_failed', message }
}
