import { createResponseDecoder } from '../http/index.ts'
import type { HttpError, ResponseHead, ResponseSink } from '../http/index.ts'
import type { Protocol, StreamEnd, WholeAnswer } from '../protocols/index.ts'
import { createBodyCollector } from './body.ts'
import { createMeasure } from './measure.ts'
import type { Measure } from './measure.ts'
import {
  httpVerdict,
  lostVerdict,
  otherVerdict,
  refusedVerdict,
  streamErrorVerdict,
  streamVerdict,
  verdict,
  wholeVerdict,
} from './outcomes.ts'
import type { Verdict } from './outcomes.ts'

/**
 * What is being read: the head; then, by what the head says, a stream of the asked format, a whole
 * answer as it was asked for, a refusal (any status but 2xx), or something else than was asked.
 */
export type Reading = 'head' | 'stream' | 'whole' | 'refusal' | 'other'

/** What an answer turned out to be. */
export interface Ending {
  verdict: Verdict
  /** When it was over; undefined = now. */
  endMs: number | undefined
  /** The server leaves the connection open, for another request. */
  keepAlive: boolean
  streamEnd: StreamEnd | undefined
  whole: WholeAnswer | undefined
}

/** One answer as it arrives: bytes in, marks and in the end an ending out. No I/O, no timers. */
export interface Answer {
  readonly reading: Reading
  readonly head: ResponseHead | undefined
  readonly headersMs: number | undefined
  readonly firstByteMs: number | undefined
  readonly measure: Measure
  /** @returns the ending as soon as there is one */
  feed(text: string, stamps: readonly number[]): Ending | undefined
  /** The connection was closed, as ends a body without a length. */
  closed(atMs: number): Ending
  /** The connection failed. */
  lost(message: string): Ending
  /** Nothing more is waited for, though the body is open: as far as it came, it counts. */
  stop(atMs: number): Ending
  /** Given up by the client. */
  giveUp(why: Verdict): Ending
}

const maxErrorBody = 16_384
const maxWholeBody = 2 ** 26

/**
 * @param onProgress what is waited for next has changed: head, first chunk, terminal marker
 * @param maxChunks the answer is given up when it has so many
 */
export function createAnswer(
  { protocol, stream, collectText }: { protocol: Protocol; stream: boolean; collectText: boolean },
  maxChunks: number,
  onProgress: () => void,
): Answer {
  let reading: Reading = 'head'
  let head: ResponseHead | undefined
  let headersMs: number | undefined
  let firstByteMs: number | undefined
  let body = createBodyCollector(maxErrorBody)
  let ending: Ending | undefined
  const measure = createMeasure(maxChunks, onProgress)
  const decoder = protocol.createDecoder(measure.sink, { collectText })

  const sink: ResponseSink = {
    onHead(given, atMs) {
      head = given
      headersMs = atMs
      if (head.status < 200 || head.status > 299) reading = 'refusal'
      else if (!stream) {
        reading = 'whole'
        body = createBodyCollector(maxWholeBody)
      } else reading = mayStream(protocol, head) ? 'stream' : 'other'
      onProgress()
    },
    onBody(text, from, to, atMs) {
      firstByteMs = atMs
      // The rest goes straight on: a call and a question less on the way of each token.
      sink.onBody = reading === 'stream' ? decoder.feed : body.add
      sink.onBody(text, from, to, atMs)
    },
    onEnd(atMs, keepAlive) {
      ending ??= conclude(undefined, atMs, keepAlive)
    },
    onError(error) {
      ending ??= broken(error)
    },
  }
  const http = createResponseDecoder(sink)

  /** The answer is over; `fault` is what its transport says, undefined when it ended well. */
  function conclude(fault: Verdict | undefined, atMs?: number, keepAlive = false): Ending {
    const streamEnd = reading === 'stream' ? decoder.end() : undefined
    if (measure.full) return end(verdict('aborted', 'aborted_by_user'), undefined, false, streamEnd)
    const endMs = atMs ?? measure.doneMs
    if (reading === 'refusal' && head !== undefined)
      return end(refusedVerdict(head, body.text()), endMs, keepAlive)
    if (measure.error !== undefined)
      return end(streamErrorVerdict(measure.error), endMs, keepAlive, streamEnd)
    if (fault !== undefined) return end(fault, endMs, false, streamEnd)
    if (reading === 'other') return end(otherVerdict(head, body.text()), endMs, keepAlive)
    if (reading === 'whole') {
      const whole = protocol.decodeWhole(body.text())
      return { ...end(wholeVerdict(whole), endMs, keepAlive), whole }
    }
    const found = streamVerdict(streamEnd, measure, protocol)
    return end(found, endMs, keepAlive, streamEnd)
  }

  function end(
    found: Verdict,
    endMs: number | undefined,
    keepAlive: boolean,
    streamEnd?: StreamEnd,
  ): Ending {
    return { verdict: found, endMs, keepAlive, streamEnd, whole: undefined }
  }

  /** A connection that ends behind the terminal marker or a status takes nothing back. */
  function broken(error: HttpError): Ending {
    const known = error.type === 'cut' && measure.doneMs !== undefined
    return conclude(known ? undefined : httpVerdict(error, head !== undefined))
  }

  return {
    measure,
    get reading() {
      return reading
    },
    get head() {
      return head
    },
    get headersMs() {
      return headersMs
    },
    get firstByteMs() {
      return firstByteMs
    },
    feed(text, stamps) {
      try {
        http.feed(text, stamps)
      } catch (error) {
        return end(verdict('stream_error', 'client_error', String(error)), undefined, false)
      }
      if (ending === undefined && (measure.full || measure.error !== undefined)) {
        ending = conclude(undefined)
      }
      return ending
    },
    closed(atMs) {
      http.eof(atMs)
      return ending ?? conclude(undefined, atMs)
    },
    lost(message) {
      const known = measure.doneMs !== undefined
      return conclude(known ? undefined : lostVerdict(head !== undefined, 'reset', message))
    },
    stop: (atMs) => conclude(undefined, atMs),
    giveUp: (why) => end(why, undefined, false, reading === 'stream' ? decoder.end() : undefined),
  }
}

function mayStream(protocol: Protocol, head: ResponseHead): boolean {
  const type = (head.headers['content-type'] ?? '').toLowerCase()
  if (type.startsWith('text/html')) return false
  return protocol.framing === 'ndjson' || !type.startsWith('application/json')
}
