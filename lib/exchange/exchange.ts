import { createResponseDecoder } from '../http/index.ts'
import type { HttpError, ResponseHead, ResponseSink } from '../http/index.ts'
import { errorMessage } from '../protocols/index.ts'
import type { Protocol, StreamEnd, WholeAnswer } from '../protocols/index.ts'
import { createBodyCollector } from './body.ts'
import { createDeadlineTimer } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import { createMeasure } from './measure.ts'
import type { Measure } from './measure.ts'
import { httpVerdict, lostVerdict, verdict } from './outcomes.ts'
import type { Verdict } from './outcomes.ts'
import type { Connection, Deadlines, Transport } from './types.ts'

export interface ExchangeJob {
  transport: Transport
  connection: Connection
  protocol: Protocol
  /** The request as HTTP/1.1. */
  payload: string
  stream: boolean
  deadlines: Deadlines
  /** When the whole request has to be over, on the run's clock. */
  wholeAtMs: number
  collectText: boolean
  abortAfter: { ms?: number; chunks?: number } | undefined
}

/** What was seen on one connection. */
export interface Seen {
  verdict: Verdict
  head: ResponseHead | undefined
  sentMs: number | undefined
  headersMs: number | undefined
  firstByteMs: number | undefined
  endMs: number
  measure: Measure
  streamEnd: StreamEnd | undefined
  whole: WholeAnswer | undefined
  /** Not one byte of an answer came. */
  silent: boolean
  /** Both sides leave the connection open. */
  reusable: boolean
}

/** A server may leave the body open after the terminal marker; the answer is whole all the same. */
const graceMs = 1000
const maxErrorBody = 16_384
const maxWholeBody = 2 ** 26

/** Sends one request on an open connection and reads its answer. Resolves always, never rejects. */
export function exchangeOn(job: ExchangeJob): Promise<Seen> {
  const { transport, connection, protocol, deadlines } = job
  return new Promise((resolve) => {
    let over = false
    let mode: 'error' | 'stream' | 'whole' | 'other' = 'stream'
    let head: ResponseHead | undefined
    let sentMs: number | undefined
    let sending = true
    let onSent = () => {}
    let headersMs: number | undefined
    let firstByteMs: number | undefined
    let lastReadMs: number | undefined
    let silent = true
    let abort = false
    let rearm = false
    let body = createBodyCollector(maxErrorBody)
    const chunkLimit = job.abortAfter?.chunks ?? Infinity
    const measure = createMeasure(chunkLimit, (chunks) => {
      rearm = true
      abort ||= chunks >= chunkLimit
    })
    const decoder = protocol.createDecoder(measure.sink, { collectText: job.collectText })
    const timer = createDeadlineTimer(transport, nextDeadline, onDeadline)

    const sink: ResponseSink = {
      onHead(given, atMs) {
        head = given
        headersMs = atMs
        if (head.status < 200 || head.status > 299) mode = 'error'
        else if (!job.stream) {
          mode = 'whole'
          body = createBodyCollector(maxWholeBody)
        } else if (!mayStream(protocol, head)) mode = 'other'
        rearm = true
      },
      onBody(text, from, to, atMs) {
        firstByteMs = atMs
        // The rest goes straight on: a call and a question less on the way of each token.
        sink.onBody = mode === 'stream' ? decoder.feed : body.add
        sink.onBody(text, from, to, atMs)
      },
      onEnd(atMs, keepAlive) {
        if (!abort) conclude(undefined, atMs, keepAlive)
      },
      onError(error) {
        if (!abort) concludeHttp(error)
      },
    }
    const http = createResponseDecoder(sink)

    function nextDeadline(): Deadline {
      let nearest: Deadline = { atMs: job.wholeAtMs, what: 'whole' }
      const consider = (atMs: number, what: Deadline['what']) => {
        if (atMs < nearest.atMs) nearest = { atMs, what }
      }
      if (measure.doneMs !== undefined) consider((lastReadMs ?? measure.doneMs) + graceMs, 'grace')
      if (sentMs === undefined) return nearest
      if (job.abortAfter?.ms !== undefined) consider(sentMs + job.abortAfter.ms, 'abort')
      if (job.stream && measure.chunkTimesMs.length === 0) {
        consider(sentMs + deadlines.firstTokenMs, 'first_token')
      } else if (lastReadMs !== undefined) consider(lastReadMs + deadlines.idleMs, 'idle')
      return nearest
    }

    function onDeadline(what: Deadline['what']): void {
      if (what === 'abort') finish(verdict('aborted', 'aborted_by_user'))
      else if (measure.doneMs !== undefined) conclude(undefined, measure.doneMs, false)
      // A status that came before the silence says more than the silence.
      else if (mode === 'error') conclude(undefined, transport.now(), false)
      else finish(verdict('timeout', `${what}_timeout`))
    }

    function concludeHttp(error: HttpError): void {
      const cut = error.type === 'cut'
      const known = (cut && measure.doneMs !== undefined) || measure.error !== undefined
      conclude(known || mode === 'error' ? undefined : httpVerdict(error, head !== undefined))
    }

    /** The answer is over; `fault` is what its transport says, undefined when it ended well. */
    function conclude(fault: Verdict | undefined, atMs?: number, keepAlive = false): void {
      if (over) return
      const end = mode === 'stream' && head !== undefined ? decoder.end() : undefined
      const whole =
        mode === 'whole' && fault === undefined ? protocol.decodeWhole(body.text()) : undefined
      const { error } = measure
      const endMs = atMs ?? measure.doneMs ?? transport.now()
      if (mode === 'error' && head !== undefined) {
        const { status, reason } = head
        const location = head.headers['location']
        const message =
          location === undefined ? errorMessage(body.text()) || reason : `to ${location}`
        finish(verdict('http_error', `http_${status}`, message), endMs, keepAlive)
      } else if (error !== undefined) {
        const reason = error.type === 'event_too_large' ? error.type : 'error_event'
        const words = error.type === undefined ? error.message : `${error.type}: ${error.message}`
        finish(verdict('stream_error', reason, words), endMs, keepAlive, end)
      } else if (fault !== undefined) finish(fault, endMs, false, end)
      else if (whole !== undefined) finish(wholeVerdict(whole), endMs, keepAlive, end, whole)
      else if (mode === 'other') finish(otherVerdict(head, body.text()), endMs, keepAlive)
      else finish(streamVerdict(end, measure, protocol), endMs, keepAlive, end)
    }

    function finish(
      found: Verdict,
      endMs = transport.now(),
      keepAlive = false,
      end: StreamEnd | undefined = mode === 'stream' && head !== undefined
        ? decoder.end()
        : undefined,
      whole?: WholeAnswer,
    ): void {
      if (over) return
      over = true
      timer.clear()
      const reusable = keepAlive && connection.open
      connection.events = { onData() {}, onError() {}, onClose() {} }
      if (!reusable) connection.close()
      const settle = () =>
        resolve({
          verdict: found,
          head,
          sentMs,
          headersMs,
          firstByteMs,
          endMs,
          measure,
          streamEnd: end,
          whole,
          silent,
          reusable,
        })
      // A short answer may be here before the engine has said that the request was sent.
      if (!sending || silent) return settle()
      const wait = transport.setTimer(() => {
        onSent = () => {}
        settle()
      }, 50)
      onSent = () => {
        transport.clearTimer(wait)
        settle()
      }
    }

    function lost(message: string): void {
      if (over) return
      const known = measure.doneMs !== undefined || mode === 'error'
      conclude(known ? undefined : lostVerdict(head !== undefined, 'reset', message))
    }

    connection.events = {
      onData(text, stamps) {
        if (over) return
        silent = false
        lastReadMs = stamps[stamps.length - 1] ?? transport.now()
        try {
          http.feed(text, stamps)
        } catch (error) {
          finish(verdict('stream_error', 'client_error', String(error)))
        }
        if (over) return
        if (abort) finish(verdict('aborted', 'aborted_by_user'))
        else if (measure.error !== undefined) conclude(undefined)
        else if (rearm || measure.doneMs !== undefined) {
          rearm = false
          timer.rearm()
        }
      },
      onError: lost,
      onClose() {
        if (!over) http.eof(transport.now())
      },
    }
    timer.rearm()
    connection.send(job.payload, job.wholeAtMs - transport.now()).then(
      (atMs) => {
        sending = false
        sentMs = atMs
        if (!over) timer.rearm()
        onSent()
      },
      (error: unknown) => {
        sending = false
        lost(error instanceof Error ? error.message : String(error))
        onSent()
      },
    )
  })
}

function mayStream(protocol: Protocol, head: ResponseHead): boolean {
  const type = (head.headers['content-type'] ?? '').toLowerCase()
  if (type.startsWith('text/html')) return false
  return protocol.framing === 'ndjson' || !type.startsWith('application/json')
}

function streamVerdict(end: StreamEnd | undefined, measure: Measure, protocol: Protocol): Verdict {
  if (end?.done !== true) {
    const message = `the answer ended without ${protocol.terminator}`
    return verdict('truncated', 'no_terminator', message)
  }
  return measure.chunkTimesMs.length > 0
    ? verdict('completed', '')
    : verdict('empty', 'empty_answer', 'the answer ended properly and held no generated token')
}

function wholeVerdict(whole: WholeAnswer): Verdict {
  if (whole.error === undefined) return verdict('completed', '')
  const reason = whole.error.type === 'not_json' ? 'bad_json' : 'error_event'
  return verdict('stream_error', reason, whole.error.message)
}

function otherVerdict(head: ResponseHead | undefined, body: string): Verdict {
  const message = errorMessage(body)
  if (/^\s*\{\s*"(error|detail|object"\s*:\s*"error)"/.test(body)) {
    return verdict('stream_error', 'error_event', message)
  }
  const type = head?.headers['content-type'] ?? 'none'
  return verdict('stream_error', 'not_streaming', `no stream but content-type ${type}: ${message}`)
}
