import type { HttpError, ResponseHead } from '../http/index.ts'
import { errorMessage, finishKind, isHtml } from '../protocols/index.ts'
import type { Protocol, StreamEnd, WholeAnswer } from '../protocols/index.ts'
import type { BodyCollector } from './body.ts'
import type { Measure } from './measure.ts'
import { tlsFault, TLS_FAULTS } from './tls-fault.ts'
import type { Outcome } from './types.ts'

/** How a request ended: `reason` is one of `reasons[outcome]`, `http_<status>`, or '' (completed). */
export interface Verdict {
  outcome: Outcome
  reason: string
  message: string | undefined
}

/** Every possible reason, few and stable: they become metric tags. */
export const reasons = {
  completed: [''],
  /** The answer began and then broke off. */
  truncated: [
    'no_terminator', // the body ended properly, without the format's terminal marker
    'body_cut', // the connection was closed inside the body
    'connection_reset', // the connection failed inside the answer
    'finish_abort', // the server gave the answer up: finish reason abort
    'content_filter', // cut by policy
  ],
  stream_error: [
    'error_event', // an error inside a 200 answer
    'finish_error', // finish reason error
    'unasked_answer', // bytes that came before the request was sent
    'event_too_large', // an event, or a whole answer, longer than what is read
    'too_many_events',
    'not_streaming', // a 200 answer that is not a stream of the asked format
    'bad_json', // a whole answer that is not a JSON object
    'bad_http', // not HTTP/1.1, or malformed
    'content_encoding', // compressed though identity was asked for
    'client_error', // a fault of our own; please report it
  ],
  /** `http_<status>`: any status but 2xx. */
  http_error: ['http_4xx', 'http_5xx'],
  /** There was no answer at all. */
  connect_error: [
    'connect_refused',
    'dns',
    ...TLS_FAULTS,
    'connect_failed',
    'connection_reset', // after sending, before the answer began
    'closed_before_answer',
  ],
  timeout: ['connect_timeout', 'first_token_timeout', 'idle_timeout', 'whole_timeout'],
  aborted: [
    'not_encodable', // the request cannot be written in this format; nothing was sent
  ],
  /** `abortAfter`: the simulated user went away; the connection was closed. */
  cancelled: ['cancelled_by_user'],
  /** The terminal marker came without any generated payload before it. */
  empty: ['empty_answer'],
} as const satisfies Record<Outcome, readonly string[]>

/** @param message what happened, in the words of the server, the engine or this client */
export function verdict(outcome: Outcome, reason: string, message?: string): Verdict {
  return { outcome, reason, message }
}

/** A connection that ended when more was to come. `begun`: the answer's head had been read. */
export function lostVerdict(begun: boolean, how: 'reset' | 'closed', message: string): Verdict {
  // With TLS 1.3 a server refuses a client certificate after the handshake, in place of an answer.
  const tls = begun ? undefined : tlsFault(message)
  if (tls !== undefined) return verdict('connect_error', tls, message)
  if (begun) return verdict('truncated', how === 'reset' ? 'connection_reset' : 'body_cut', message)
  return verdict(
    'connect_error',
    how === 'reset' ? 'connection_reset' : 'closed_before_answer',
    message,
  )
}

export function httpVerdict(error: HttpError, begun: boolean): Verdict {
  if (error.type === 'cut') return lostVerdict(begun, 'closed', error.message)
  const reason = error.type === 'content_encoding' ? 'content_encoding' : 'bad_http'
  return verdict('stream_error', reason, error.message)
}

/** Any status but 2xx, with what the body says about it. */
export function refusedVerdict({ status, reason, headers }: ResponseHead, body: string): Verdict {
  const location = headers['location']
  const message = location === undefined ? errorMessage(body) || reason : `to ${location}`
  return verdict('http_error', `http_${status}`, message)
}

/** An error inside a 200 answer. */
export function streamErrorVerdict({ message, type }: NonNullable<Measure['error']>): Verdict {
  const reason = type === 'event_too_large' ? type : 'error_event'
  return verdict('stream_error', reason, type === undefined ? message : `${type}: ${message}`)
}

/** Finish reasons with which a server says that it ended the answer early; such an answer is never good. */
function finishVerdict(finishReason: string | undefined): Verdict | undefined {
  const words = `the server ended the answer with the finish reason "${finishReason}"`
  switch (finishKind(finishReason)) {
    case 'abort':
      return verdict('truncated', 'finish_abort', words)
    case 'content_filter':
      return verdict('truncated', 'content_filter', words)
    case 'error':
      return verdict('stream_error', 'finish_error', words)
    default:
      return undefined
  }
}

/** Verdict on a stream whose body ended properly. */
export function streamVerdict(
  head: ResponseHead | undefined,
  { done, finishReason, finishMs, stray }: StreamEnd,
  chunkTimesMs: readonly number[],
  protocol: Protocol,
): Verdict {
  const chunks = chunkTimesMs.length
  // Ollama's stream ends with its own last line, and has the type application/x-ndjson.
  const json = (head?.headers['content-type'] ?? '').startsWith('application/json')
  const inOnePiece =
    json && protocol.framing === 'ndjson' && chunks === 1 && chunkTimesMs[0] === finishMs
  const early = finishVerdict(finishReason)
  if (early !== undefined) return early
  if (chunks === 0 && stray.trim() !== '') return otherVerdict(head, stray)
  if (inOnePiece) return otherVerdict(head, '')
  if (!done && finishReason === undefined) {
    const message = `the answer ended without ${protocol.terminator}`
    return verdict('truncated', 'no_terminator', message)
  }
  return chunks > 0
    ? verdict('completed', '')
    : verdict('empty', 'empty_answer', 'the answer ended properly and held no generated token')
}

/** Verdict on an answer that came whole, and on its body as it was collected. */
export function wholeVerdict(whole: WholeAnswer, body: BodyCollector): Verdict {
  if (body.cut) {
    const message = `the answer is longer than ${body.length} bytes`
    return verdict('stream_error', 'event_too_large', message)
  }
  if (whole.error === undefined) {
    return finishVerdict(whole.finishReason) ?? verdict('completed', '')
  }
  if (whole.error.type !== 'not_json') {
    return verdict('stream_error', 'error_event', whole.error.message)
  }
  const text = body.text()
  const page = `an HTML page, not a JSON answer: ${errorMessage(text)}`
  return verdict('stream_error', 'bad_json', isHtml(text) ? page : whole.error.message)
}

/** Something other than the stream that was asked for. */
function otherVerdict(head: ResponseHead | undefined, body: string): Verdict {
  const message = errorMessage(body)
  if (isHtml(body)) {
    return verdict('stream_error', 'not_streaming', `an HTML page, not a stream: ${message}`)
  }
  const type = head?.headers['content-type'] ?? 'none'
  const said = message === '' ? 'the answer in one piece' : message
  return verdict('stream_error', 'not_streaming', `no stream but content-type ${type}: ${said}`)
}
