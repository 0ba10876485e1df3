import { createResponseDecoder } from '../http/index.ts'
import type { HttpError, ResponseHead, ResponseSink } from '../http/index.ts'
import type { Protocol, RepeatScan, StreamEnd, WholeAnswer } from '../protocols/index.ts'
import { createBodyCollector } from './body.ts'
import { createMeasure } from './measure.ts'
import type { Measure } from './measure.ts'
import {
  httpVerdict,
  lostVerdict,
  refusedVerdict,
  streamErrorVerdict,
  streamVerdict,
  verdict,
  wholeVerdict,
} from './outcomes.ts'
import type { Verdict } from './outcomes.ts'
import type { FindRepeats, Note } from './types.ts'

/**
 * What is being read: the head; then, depending on the head, a stream of the asked format, a whole
 * answer as it was asked for, or a refusal (any status but 2xx).
 */
export type Reading = 'head' | 'stream' | 'whole' | 'refusal'

/** What an answer turned out to be. */
export interface Ending {
  verdict: Verdict
  /** When the answer was over; undefined = now. */
  endMs: number | undefined
  /** Whether the server leaves the connection open for another request. */
  keepAlive: boolean
  streamEnd: StreamEnd | undefined
  whole: WholeAnswer | undefined
  notes: readonly Note[]
}

/**
 * Reads the answers of a session, one after the other: takes bytes, gives marks and finally an ending. No
 * I/O, no timers. It is kept from request to request, because its decoders consist of a hundred functions,
 * and making those is as much work as reading 50 tokens.
 */
export interface Answer {
  /**
   * Another answer begins.
   *
   * @param onProgress called when the next thing waited for changes: head, first chunk, terminal marker
   * @param maxChunks the answer is given up once it has this many chunks
   */
  begin(maxChunks: number, onProgress: () => void): void
  readonly reading: Reading
  readonly head: ResponseHead | undefined
  readonly headersMs: number | undefined
  readonly firstByteMs: number | undefined
  readonly measure: Measure
  /**
   * @param find looks for repeated chunks in this delivery, where the transport can
   * @returns the ending as soon as there is one
   */
  feed(text: string, stamps: readonly number[], find?: FindRepeats): Ending | undefined
  /** The connection was closed, which ends a body without a length. */
  closed(atMs: number): Ending
  /** The connection failed. */
  lost(message: string): Ending
  /** No more is waited for although the body is open: whatever has arrived counts. */
  stop(atMs: number): Ending
  /** Given up by the client. */
  giveUp(why: Verdict): Ending
}

const maxErrorBody = 16_384
/** Parsing a body needs about ten times its size. */
const maxWholeBody = 2 ** 24
/** No model gives an answer of more events; what is kept per event must not fill the memory. */
const maxEvents = 2 ** 20

/** @param asked how the requests of the session ask for their answers */
export function createAnswer({
  protocol,
  stream,
  collectText,
}: {
  protocol: Protocol
  stream: boolean
  collectText: boolean
}): Answer {
  let reading: Reading = 'head'
  let head: ResponseHead | undefined
  let headersMs: number | undefined
  let firstByteMs: number | undefined
  const body = createBodyCollector(maxErrorBody)
  let ending: Ending | undefined
  let maxChunks = Infinity
  let onProgress = () => {}
  const measure = createMeasure(() => onProgress())
  const decoder = protocol.createDecoder(measure.sink, { collectText })
  let findRepeats: FindRepeats | undefined
  let from = 0
  const scan: RepeatScan = (before, after) => findRepeats!(from, before, after)
  const skip = (offset: number) => {
    from = offset
    return decoder.skip(scan)
  }

  function onFirstBytes(text: string, start: number, end: number, atMs: number): boolean {
    firstByteMs = atMs
    // From here body bytes go straight on: one call and one check fewer per token.
    sink.onBody = reading === 'stream' ? decoder.feed : body.add
    return sink.onBody(text, start, end, atMs)
  }

  const sink: ResponseSink = {
    onHead(given, atMs) {
      head = given
      headersMs = atMs
      if (head.status < 200 || head.status > 299) reading = 'refusal'
      else if (!stream) {
        reading = 'whole'
        body.reset(maxWholeBody)
      } else reading = 'stream'
      onProgress()
    },
    onBody: onFirstBytes,
    onEnd(atMs, keepAlive) {
      ending ??= conclude(undefined, atMs, keepAlive)
    },
    onError(error) {
      ending ??= broken(error)
    },
  }
  const http = createResponseDecoder(sink)

  /** The answer is over; `fault` is what its transport reports, undefined when it ended well. */
  function conclude(fault: Verdict | undefined, atMs?: number, keepAlive = false): Ending {
    const streamEnd = reading === 'stream' ? decoder.end() : undefined
    const whole =
      reading === 'whole' && fault === undefined ? protocol.decodeWhole(body.text()) : undefined
    const found = judge(fault, streamEnd, whole)
    return {
      verdict: found,
      endMs: atMs ?? measure.doneMs,
      keepAlive: keepAlive && found !== fault,
      streamEnd,
      whole,
      notes: found.outcome === 'completed' && streamEnd !== undefined ? notesOf(streamEnd) : [],
    }
  }

  function judge(
    fault: Verdict | undefined,
    streamEnd: StreamEnd | undefined,
    whole: WholeAnswer | undefined,
  ): Verdict {
    if (measure.full) return fullVerdict()
    if (reading === 'refusal' && head !== undefined) return refusedVerdict(head, body.text())
    if (measure.error !== undefined) return streamErrorVerdict(measure.error)
    if (fault !== undefined) return fault
    if (whole !== undefined) return wholeVerdict(whole, body)
    if (streamEnd === undefined) return verdict('connect_error', 'closed_before_answer')
    return streamVerdict(head, streamEnd, measure.chunkTimesMs, protocol)
  }

  function fullVerdict(): Verdict {
    if (maxChunks <= maxEvents) return verdict('cancelled', 'cancelled_by_user')
    const message = `the answer has more than ${maxEvents} events`
    return verdict('stream_error', 'too_many_events', message)
  }

  function notesOf(streamEnd: StreamEnd): Note[] {
    const notes: Note[] = []
    if (!streamEnd.done) notes.push('no_terminator')
    const type = head?.headers['content-type'] ?? 'text/event-stream'
    const asNamed = /event-stream/i.test(type) || protocol.framing !== 'sse'
    if (!asNamed) notes.push('content_type')
    return notes
  }

  /** A connection that fails after the terminal marker or a status takes nothing back. */
  function broken(error: HttpError): Ending {
    const known = error.type === 'cut' && measure.doneMs !== undefined
    return conclude(known ? undefined : httpVerdict(error, head !== undefined))
  }

  function begin(limit: number, progress: () => void): void {
    maxChunks = limit
    onProgress = progress
    reading = 'head'
    head = ending = undefined
    headersMs = firstByteMs = undefined
    body.reset(maxErrorBody)
    measure.reset(Math.min(maxChunks, maxEvents))
    decoder.reset()
    sink.onBody = onFirstBytes
    http.reset()
  }

  return {
    begin,
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
    feed(text, stamps, find) {
      findRepeats = find
      sink.skip = find && skip
      try {
        http.feed(text, stamps)
      } catch (error) {
        return ended(verdict('stream_error', 'client_error', String(error)))
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
    giveUp: ended,
  }

  function ended(found: Verdict): Ending {
    const streamEnd = reading === 'stream' ? decoder.end() : undefined
    const open = { endMs: undefined, keepAlive: false, whole: undefined, notes: [] }
    return { ...open, verdict: found, streamEnd }
  }
}
