import { createResponseDecoder, encodeHead, withoutBody } from '../http/index.ts'
import type { HttpError, ResponseHead } from '../http/index.ts'
import { createBodyCollector } from './body.ts'
import { connectWithin, hostHeader } from './connect.ts'
import { DEAF } from './deaf.ts'
import { AnswerFault } from './fault.ts'
import type { Connection, ConnectOutcome, Target, Transport } from './types.ts'

/** What to get from a server besides answers: its list of models, its metrics. */
export interface PageRequest {
  target: Target
  /** Path with query, e.g. `/v1/models`. */
  path: string
  headers: Readonly<Record<string, string>>
  /** Connecting included, ms. */
  withinMs: number
  /** A longer body is given up, so that no server fills the memory. */
  maxBytes: number
  /** Takes the body as it arrives: `text.slice(from, to)`, a byte string. Only of a 2xx answer. */
  onBody(text: string, from: number, to: number): void
}

/** Why there is no page. */
export type PageFault =
  | Exclude<Extract<ConnectOutcome, { ok: false }>['reason'], 'connect_timeout'>
  | 'connection_lost'
  | 'timeout'
  | 'too_large'
  | 'bad_http'

export type Page =
  | {
      ok: true
      status: number
      headers: Readonly<Record<string, string>>
      /** The first 16 kB of the body of any other than a 2xx answer; '' for a 2xx. */
      refusal: string
    }
  | { ok: false; reason: PageFault; message: string }

const maxRefusal = 16_384

/**
 * Gets one page over a connection of its own, with a limit on its time and its length. Follows no
 * redirect: the caller knows whether its headers may go elsewhere. Rejects only for a path or a header
 * that cannot be written.
 */
export async function getPage(transport: Transport, request: PageRequest): Promise<Page> {
  const { target, withinMs, path, headers } = request
  const endsMs = transport.now() + withinMs
  const opened = await connectWithin(transport, target, withinMs)
  if (!opened.ok) {
    const { reason, message } = opened
    return { ok: false, reason: reason === 'connect_timeout' ? 'timeout' : reason, message }
  }
  const payload = withoutBody(
    encodeHead({
      method: 'GET',
      path,
      host: hostHeader(target),
      headers: { ...headers, connection: 'close' },
    }),
  )
  const { connection } = opened
  const leftMs = Math.max(1, endsMs - transport.now())
  const page = await read(transport, connection, request, payload, leftMs)
  connection.events = DEAF
  connection.close()
  return page
}

function read(
  transport: Transport,
  connection: Connection,
  { onBody, maxBytes, withinMs }: PageRequest,
  payload: string,
  leftMs: number,
): Promise<Page> {
  return new Promise((resolve) => {
    let head: ResponseHead | undefined
    const refusal = createBodyCollector(maxRefusal)
    const timer = transport.setTimer(
      () => fail('timeout', `no whole answer within ${withinMs} ms`),
      leftMs,
    )
    const settle = (page: Page) => {
      transport.clearTimer(timer)
      // What still arrives is not read: without this, an endless answer would go on.
      connection.events = DEAF
      resolve(page)
    }
    const fail = (reason: PageFault, message: string) => settle({ ok: false, reason, message })
    const lost = (message: string) => fail('connection_lost', message)
    const decoder = createResponseDecoder(
      {
        onHead: (given) => (head = given),
        onBody(text, from, to) {
          if (isOk(head)) onBody(text, from, to)
          else refusal.add(text, from, to)
          return false
        },
        onEnd() {
          const { status, headers } = head!
          settle({ ok: true, status, headers, refusal: refusal.text() })
        },
        onError: ({ type, message }) => fail(faultOf(type), message),
      },
      { maxHeadBytes: maxRefusal * 4, maxBodyBytes: maxBytes },
    )
    connection.events = {
      onData(text, stamps) {
        decoder.feed(text, stamps)
        return undefined
      },
      onError: lost,
      onClose: () => decoder.eof(transport.now()),
    }
    connection.send(payload, leftMs).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error)
      const why = error instanceof AnswerFault ? error.verdict : undefined
      if (why?.outcome === 'timeout') fail('timeout', message)
      else if (why?.outcome === 'stream_error') {
        fail(why.reason === 'event_too_large' ? 'too_large' : 'bad_http', message)
      } else if (isConnectFault(why?.reason)) fail(why!.reason as PageFault, message)
      else lost(message)
    })
  })
}

function isOk(head: ResponseHead | undefined): boolean {
  return head !== undefined && head.status >= 200 && head.status < 300
}

function isConnectFault(reason: string | undefined): boolean {
  return /^(dns|tls_\w+|connect_refused|connect_failed)$/.test(reason ?? '')
}

function faultOf(type: HttpError['type']): PageFault {
  if (type === 'body_too_large' || type === 'header_too_large') return 'too_large'
  return type === 'cut' ? 'connection_lost' : 'bad_http'
}
