import { encodeHead, withBody } from '../http/index.ts'
import type { EncodeOptions, Protocol } from '../protocols/index.ts'
import { createRedactor } from '../safe-text/index.ts'
import { createAnswer } from './answer.ts'
import { connectWithin, hostHeader } from './connect.ts'
import { DEAF } from './deaf.ts'
import { createExchange } from './exchange.ts'
import type { Exchange, Seen } from './exchange.ts'
import { verdict } from './outcomes.ts'
import { patched } from './patch.ts'
import type { BodyPatch } from './patch.ts'
import { resultOf, unsentResult } from './result.ts'
import type { ResultContext } from './result.ts'
import type { Connection, ExchangeRequest, ExchangeResult, Target, Transport } from './types.ts'

export interface SessionOptions {
  transport: Transport
  target: Target
  /** Path of the base URL, e.g. `/v1`; '' or '/' when there is none. */
  basePath: string
  protocol: Protocol
  encode: EncodeOptions
  /** Sent with every request, `authorization` included; a result holds none of their values but in `text`. */
  headers: Readonly<Record<string, string>>
  /** Changes to the JSON body of every request. */
  body?: BodyPatch | undefined
  /** The server is known to leave bodies open behind the terminal marker: their end is not waited for. */
  leavesOpen?: boolean | undefined
}

export interface Session {
  /**
   * Makes one request, from start to end. Never rejects; ends by `deadlines.wholeMs` at the latest. On a
   * connection that was kept, the request is on its way when this returns.
   */
  request(request: ExchangeRequest): Promise<ExchangeResult>
  /** Masks the values of the headers in the text of an answer, before it leaves this process. */
  redact(text: string): string
  /** The iteration ends: the connection is kept for the next one where the engine can, else closed. */
  release(): void
  /** Closes the connection kept for the next request. */
  close(): void
}

/**
 * Requests one after the other, on one connection while both sides and the engine keep it alive.
 * @param options server, wire format, headers, deadlines and transport, see {@link SessionOptions}
 */
export function createSession(options: SessionOptions): Session {
  const { transport, target, protocol } = options
  const redact = createRedactor(options.headers)
  const encode = createEncoder(options)
  const stream = options.encode.stream && protocol.streams
  const exchanges: { plain?: Exchange; withText?: Exchange } = {}
  /** Anything that arrives between two requests ends the use of the connection. */
  const closing = { onData: close, onError: close, onClose: close }
  let kept: Connection | undefined
  let detached = false
  /** Round trip of the connection in use: roughly, and somewhat longer with TLS. */
  let roundTripMs = 0
  let leavesOpen = options.leavesOpen === true

  function exchangeFor({ collectText }: ExchangeRequest): Exchange {
    const kind = collectText ? 'withText' : 'plain'
    return (exchanges[kind] ??= createExchange(
      transport,
      createAnswer({ protocol, stream, collectText }),
      stream,
    ))
  }

  function keep(connection: Connection): void {
    kept = connection
    connection.events = closing
  }

  function release(): void {
    if (detached) return
    detached = kept?.detach() ?? false
    if (!detached) close()
  }

  /** The kept connection, if it can carry another request. */
  function take(): Connection | undefined {
    const connection = kept
    const usable = connection !== undefined && (detached ? connection.attach() : connection.open)
    if (!usable) close()
    kept = undefined
    detached = false
    return usable ? connection : undefined
  }

  /**
   * Where reads are stamped by their handlers, bytes that arrived before the request would be taken for its
   * answer. What the engine has read comes with the next turn of its loop, and ends the connection's use.
   */
  function nextTurn(): Promise<void> {
    return new Promise((resolve) => void transport.setTimer(resolve, 0))
  }

  function close(): void {
    const connection = kept
    kept = undefined
    detached = false
    if (connection === undefined) return
    connection.events = DEAF
    connection.close()
  }

  async function attempt(
    request: ExchangeRequest,
    payload: string,
    wholeAtMs: number,
    before?: Seen,
  ): Promise<ExchangeResult> {
    if (kept?.clock === 'handler') await nextTurn()
    const reused = take()
    const context: ResultContext = {
      request,
      connectingMs: undefined,
      reusedConnection: reused !== undefined,
      clock: reused?.clock ?? 'handler',
      notes: before === undefined ? [] : ['resent'],
      firstSentMs: before?.sentMs,
      redact,
    }
    let connection = reused
    if (connection === undefined) {
      const limitMs = Math.max(
        1,
        Math.min(request.deadlines.connectMs, wholeAtMs - transport.now()),
      )
      const opened = await connectWithin(
        transport,
        target,
        limitMs,
        leavesOpen ? graceMs : undefined,
      )
      if (!opened.ok) {
        const outcome = opened.reason === 'connect_timeout' ? 'timeout' : 'connect_error'
        return unsentResult(
          verdict(outcome, opened.reason, opened.message),
          transport.now(),
          context,
        )
      }
      connection = opened.connection
      context.connectingMs = opened.connectingMs
      context.tlsMs = opened.tlsMs
      roundTripMs = opened.connectingMs ?? 0
      context.clock = connection.clock
    }
    const seen = await exchangeFor(request).run({
      connection,
      payload,
      deadlines: request.deadlines,
      wholeAtMs,
      abortAfter: request.abortAfter,
      graceMs: leavesOpen ? 0 : graceMs,
    })
    leavesOpen ||= seen.notes.includes('left_open')
    // At most once for a connection of the transport's own, as it may have more such connections.
    const usedAgain = reused !== undefined || (seen.ended !== undefined && before === undefined)
    if (usedAgain && crossedItsEnd(seen, seen.ended?.roundTripMs ?? roundTripMs)) {
      return attempt(request, payload, wholeAtMs, seen)
    }
    if (seen.reusable) keep(connection)
    return resultOf(seen, context)
  }

  return {
    redact: redact.text,
    request(request) {
      const wholeAtMs = transport.now() + request.deadlines.wholeMs
      let payload: string
      try {
        payload = encode(request)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        return Promise.resolve(
          unsentResult(verdict('aborted', 'not_encodable', message), transport.now(), {
            request,
            connectingMs: undefined,
            reusedConnection: false,
            clock: 'handler',
            notes: [],
            firstSentMs: undefined,
            redact,
          }),
        )
      }
      return attempt(request, payload, wholeAtMs)
    },
    release,
    close,
  }
}

/** Requests to one path share one head: it is checked and written once. */
function createEncoder(options: SessionOptions): (request: ExchangeRequest) => string {
  const { target, protocol } = options
  const stream = options.encode.stream && protocol.streams
  const streamType = protocol.framing === 'sse' ? 'text/event-stream' : 'application/x-ndjson'
  const accept = stream ? streamType : 'application/json'
  const host = hostHeader(target)
  const { body: patch } = options
  const heads = new Map<string, string>()

  return ({ request }) => {
    const { method, path, headers, body } = protocol.encode(request, options.encode)
    let head = heads.get(path)
    if (head === undefined) {
      head = encodeHead({
        method,
        path: joinPath(options.basePath, path, protocol.native),
        host,
        headers: { accept, ...headers, ...options.headers },
      })
      heads.set(path, head)
    }
    return withBody(head, patch === undefined ? body : patched(body, patch))
  }
}

/** @returns base path and path joined; `native` drops a trailing `/v1` of the base path */
export function joinPath(basePath: string, path: string, native: boolean): string {
  const base = basePath.replace(/\/+$/, '')
  return `${native ? base.replace(/\/v1$/, '') : base}${path}`
}

/**
 * A server may leave the body open after the terminal marker, though most end it right away. The client
 * waits this long to keep the connection. After one wait in vain a session stops waiting: a new
 * connection is cheaper. From then on no connection holds bytes for longer, as nothing but the marker tells
 * that an answer is whole.
 */
const graceMs = 50

/** What a busy client adds to a round trip before it notices that a connection has ended. */
const handlingMs = 10

/**
 * The server may close a kept connection at the moment it is used again. Neither side is at fault (RFC
 * 9112, 9.3.1), so the request is sent once more on a new connection. Only within the round trip in which
 * the two can have crossed: later the server may have begun to work on it, and losing it is a failure
 * (RFC 9110, 9.2.2).
 */
function crossedItsEnd({ silent, verdict, sentMs, endMs }: Seen, roundTripMs: number): boolean {
  const lost = silent && verdict.outcome === 'connect_error'
  return lost && (sentMs === undefined || endMs - sentMs <= roundTripMs + handlingMs)
}
