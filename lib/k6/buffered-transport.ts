import http, { type RefinedResponse } from 'k6/http'
import { AnswerFault, DEAF, verdict } from '../exchange/index.ts'
import type {
  ClockSource,
  Connection,
  ConnectOutcome,
  Target,
  Transport,
} from '../exchange/index.ts'
import { faultOf } from './buffered-fault.ts'
import { createByteString } from './byte-string.ts'
import { createClock } from './clock.ts'

/** Bundles in `dist/buffered/` use this transport instead of the one over sockets. */
export const CLOCK: ClockSource = 'buffered'

/** Only the socket module can hand over several samples together. */
export const addSample = undefined
export const pushSamples = undefined

/** Nor do VUs share anything without it. */
export const addUp = undefined as ((name: string, value: number) => number) | undefined

/** Headers that k6 sets itself: it handles connections in its own way, not as the request says. */
const OWN_TO_K6 = new Set(['host', 'content-length', 'connection'])

/**
 * Transport over `k6/http`, for places that allow no extension. k6 reads the whole answer before a
 * script sees any of it, so tokens have no times and connecting is part of the request. It has no limit on
 * length either: only the time limit bounds the memory that an endless answer to a POST takes.
 *
 * @param tags with a `name` it serves what runs beside the load, and no status is one of its failures
 */
export function createTransport(tags: Record<string, string> = {}): Transport {
  const beside = tags['name'] !== undefined
  const now = createClock()
  const toByteString = createByteString()
  /** From the last connection that was opened, whose `connecting` is one round trip. */
  let roundTripMs = 0
  return {
    now,
    setTimer: setTimeout,
    clearTimer: clearTimeout as (handle: unknown) => void,
    holdMs: 0,
    gatherMs: 0,
    connect,
  }

  async function connect(target: Target): Promise<ConnectOutcome> {
    let open = true
    const connection: Connection = {
      events: DEAF,
      get open() {
        return open
      },
      clock: CLOCK,
      async send(payload, withinMs) {
        const beganMs = now()
        const response = await fetch(target, payload, withinMs).catch(notHttp)
        const endMs = now()
        // Closed in the meantime: the request was given up.
        if (!open) return endMs
        const { connecting, waiting, receiving } = response.timings
        if (connecting > 0) roundTripMs = connecting
        if (response.status === 0) throw faultOf(response, { endMs, roundTripMs })
        const bytes = response.body === null ? '' : toByteString(new Uint8Array(response.body))
        connection.events.onData(asHttp(response, bytes), [0, endMs])
        return Math.max(beganMs, endMs - waiting - receiving)
      },
      close() {
        open = false
      },
      // k6/http keeps its connections by itself.
      detach: () => false,
      attach: () => false,
    }
    return { ok: true, connection, connectingMs: undefined }
  }

  async function fetch(
    target: Target,
    payload: string,
    withinMs: number,
  ): Promise<RefinedResponse<'binary'>> {
    if (!payload.startsWith('GET ')) return ask(target, payload, withinMs, 'binary')
    const beganMs = now()
    const seen = await ask(target, payload, withinMs, 'none')
    refuseUnbounded(seen)
    // Not in full: there is no answer to read a second time.
    if (seen.status === 0) throw faultOf({ ...seen, body: null }, { endMs: now(), roundTripMs })
    return ask(target, payload, withinMs - (now() - beganMs), 'binary')
  }

  function ask<T extends 'binary' | 'none'>(
    { host, port, tls }: Target,
    payload: string,
    withinMs: number,
    responseType: T,
  ): Promise<RefinedResponse<T>> {
    const { method, path, headers, body } = parse(payload)
    const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
    const url = `${tls ? 'https' : 'http'}://${name}:${port}${path}`
    return http.asyncRequest(method, url, body, {
      headers,
      // The bytes of the answer are parsed, so no redirect may follow and nothing may change them.
      redirects: 0,
      responseType,
      // Later than the exchange's own deadline, which gives the reason.
      timeout: Math.max(1, Math.ceil(withinMs)) + 500,
      tags: { name: path.replace(/\?.*$/, ''), ...tags },
      ...(beside && { responseCallback: http.expectedStatuses({ min: 100, max: 599 }) }),
    })
  }
}

/** More than this in a page is never read. */
const MOST_BYTES = 8 * 2 ** 20

/**
 * A page is asked for twice, first without keeping its body, which shows whether it ends, is packed (k6
 * unpacks without a limit; identity was asked for), or announces too much.
 */
function refuseUnbounded({ headers }: Pick<RefinedResponse<'none'>, 'headers'>): void {
  const coding = headers['Content-Encoding'] ?? 'identity'
  const length = Number(headers['Content-Length'] ?? 0)
  if (coding !== 'identity') {
    throw new AnswerFault(verdict('stream_error', 'content_encoding', `content-encoding ${coding}`))
  }
  if (length > MOST_BYTES) {
    const message = `content-length ${length}, at most ${MOST_BYTES} is read`
    throw new AnswerFault(verdict('stream_error', 'event_too_large', message))
  }
}

/** k6 rejects when the server switches to another protocol (status 101). */
function notHttp(error: unknown): never {
  if (error instanceof AnswerFault) throw error
  throw new AnswerFault(verdict('stream_error', 'bad_http', String(error)))
}

/** Splits a request written by our own encoder into its parts. */
function parse(payload: string) {
  const end = payload.indexOf('\r\n\r\n')
  const [first = '', ...lines] = payload.slice(0, end).split('\r\n')
  const [method = 'GET', path = '/'] = first.split(' ')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const at = line.indexOf(': ')
    const name = line.slice(0, at)
    if (!OWN_TO_K6.has(name)) headers[name] = line.slice(at + 2)
  }
  const body = payload.slice(end + 4)
  return { method, path, headers, body: body === '' ? null : body }
}

/** An answer as HTTP/1.1 bytes, one character per byte, for the exchange's only decoder. */
function asHttp(response: RefinedResponse<'binary'>, bytes: string): string {
  const { status, status_text, headers } = response
  const fields = Object.entries(headers)
    .filter(
      ([name]) => !/^(transfer-encoding|content-length|content-encoding|connection)$/i.test(name),
    )
    .map(([name, value]) => `${name.toLowerCase()}: ${value}\r\n`)
  const reason = status_text.replace(/^\d+\s*/, '')
  return `HTTP/1.1 ${status} ${reason}\r\n${fields.join('')}content-length: ${bytes.length}\r\n\r\n${bytes}`
}
