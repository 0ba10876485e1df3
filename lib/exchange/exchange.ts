import type { ResponseHead } from '../http/index.ts'
import type { StreamEnd, WholeAnswer } from '../protocols/index.ts'
import type { Answer, Ending } from './answer.ts'
import { createDeadlineTimer, nearestDeadline } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import { AnswerFault } from './fault.ts'
import { createGather } from './gather.ts'
import type { Measure } from './measure.ts'
import { verdict } from './outcomes.ts'
import type { Verdict } from './outcomes.ts'
import { sendOn } from './sending.ts'
import type { Connection, Deadlines, FindRepeats, Note, ReadStamps, Transport } from './types.ts'

export interface ExchangeJob {
  transport: Transport
  connection: Connection
  /** What reads the answers of the session. */
  answer: Answer
  /** The request as HTTP/1.1 bytes. */
  payload: string
  stream: boolean
  deadlines: Deadlines
  /** When the whole request must be over, on the run's clock. */
  wholeAtMs: number
  abortAfter: { ms?: number; chunks?: number } | undefined
  /** How long the end of the body is waited for after the terminal marker. */
  graceMs: number
}

/** What was observed on one connection. */
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
  notes: readonly Note[]
  /** Whether not a single byte of an answer came. */
  silent: boolean
  /** Whether both sides leave the connection open. */
  reusable: boolean
  /** Set when a connection of the transport's own ended as it was used again. */
  ended: AnswerFault['ended']
}

/** No deadline that counts from the sending can come sooner than this after it, ms. */
function soonestMs({ stream, deadlines, abortAfter }: ExchangeJob): number {
  const first = stream ? deadlines.firstTokenMs : deadlines.idleMs
  return Math.min(first, abortAfter?.ms ?? Infinity)
}

/**
 * How long bytes that the handler stamps may have waited for it. The official module handles all that it has
 * read before any timer, so of a server that sends faster than a script reads, only the bytes tell the time.
 */
const handlerPatienceMs = 1000

/**
 * Whether the reads that follow may be decoded together: those of a chunked stream, whose end shows. The first
 * token is no exception: a stream's first events cost most, and would hold up the first tokens of others that
 * began with it. Not when each chunk may be the last one wanted, nor where servers leave bodies open, as
 * only the marker tells their end.
 */
function mayGather({ transport, answer, abortAfter, graceMs }: ExchangeJob): boolean {
  if (transport.gatherMs === 0 || graceMs === 0 || abortAfter?.chunks !== undefined) return false
  const { reading, head, measure } = answer
  const open = reading === 'stream' && measure.doneMs === undefined
  return open && head?.headers['transfer-encoding'] !== undefined
}

/** If it were taken for the answer, this request would get another one's figures. */
const unasked = verdict(
  'stream_error',
  'unasked_answer',
  'the server sent bytes before the request was sent: an answer to something else',
)

/**
 * Sends one request on an open connection and reads its answer. Always resolves, never rejects: at the
 * answer's own end, at the connection's, or at a deadline, whichever comes first.
 */
export function exchangeOn(job: ExchangeJob): Promise<Seen> {
  return new Promise((resolve) => {
    const { transport, connection, answer } = job
    let over = false
    let lastReadMs: number | undefined
    let graceEndsMs: number | undefined
    const beganMs = transport.now()
    // First of all: the server works while the rest is made ready.
    const sending = sendOn(connection, job, transport, {
      onSent() {
        if (!over) timer.moved()
      },
      onFailed,
    })
    let progressed = false
    let ended: AnswerFault['ended']
    const gather = createGather(transport.gatherMs)
    let gathers = false
    answer.begin(job.abortAfter?.chunks ?? Infinity, () => (progressed = true))
    const timer = createDeadlineTimer(
      transport,
      () =>
        nearestDeadline(job, {
          sentMs: sending.sentMs,
          lastReadMs,
          graceEndsMs,
          gatheredUntilMs: gather.untilMs,
          measure: answer.measure,
        }),
      onDeadline,
    )
    function onDeadline(what: Deadline['what']): void {
      decodeGathered()
      if (over) return
      const { doneMs, chunkTimesMs } = answer.measure
      const begun = what === 'first_token' && chunkTimesMs.length > 0
      if (what === 'gathered' || begun) return timer.moved()
      if (what === 'abort') finish(answer.giveUp(verdict('cancelled', 'cancelled_by_user')))
      else if (doneMs !== undefined) finish(leftOpen(doneMs))
      // A status received before the silence says more than the silence.
      else if (answer.reading === 'refusal') finish(answer.stop(transport.now()))
      else finish(answer.giveUp(verdict('timeout', `${what}_timeout`)))
    }

    /** The answer is whole but the body stays open: the next request has no reason to wait for its end. */
    function leftOpen(doneMs: number): Ending {
      const ending = answer.stop(doneMs)
      return { ...ending, notes: [...ending.notes, 'left_open'] }
    }

    function onLost(message: string): void {
      decodeGathered()
      if (!over) finish(answer.lost(message))
    }

    function onFailed(error: unknown): void {
      if (!(error instanceof AnswerFault)) {
        return onLost(error instanceof Error ? error.message : String(error))
      }
      ended = error.ended
      if (!over) finish(answer.giveUp(error.verdict))
    }

    function finish(ending: Ending): void {
      over = true
      timer.clear()
      const reusable = ending.keepAlive && connection.open
      connection.events = { onData() {}, onError() {}, onClose() {} }
      if (!reusable) connection.close()
      const seen = {
        ...ending,
        endMs: ending.endMs ?? transport.now(),
        head: answer.head,
        headersMs: answer.headersMs,
        firstByteMs: answer.firstByteMs,
        measure: answer.measure,
        silent: lastReadMs === undefined,
        reusable,
        ended,
      }
      const settle = () => resolve({ ...seen, sentMs: sending.sentMs ?? ended?.sentMs })
      if (seen.silent) settle()
      else sending.whenKnown(settle)
    }

    function decode(text: string, stamps: ReadStamps, find?: FindRepeats): void {
      const ending = answer.feed(text, stamps, find)
      const { doneMs } = answer.measure
      if (ending !== undefined) finish(ending)
      else if (doneMs !== undefined && graceEndsMs === undefined) {
        graceEndsMs = transport.now() + job.graceMs
        if (job.graceMs > 0) timer.moved()
        else finish(leftOpen(doneMs))
      } else if (progressed) timer.moved()
      progressed = false
      gathers = mayGather(job)
    }

    function decodeGathered(): void {
      const taken = over ? undefined : gather.take()
      if (taken !== undefined) decode(taken.text, taken.stamps)
    }

    connection.events = {
      onData(text, stamps, find) {
        if (over) return
        if (lastReadMs === undefined && stamps[1]! < beganMs) return finish(answer.giveUp(unasked))
        const waitedMs = connection.clock === 'socket' ? 0 : handlerPatienceMs
        timer.passed(stamps[1]! - waitedMs)
        if (over) return
        lastReadMs = stamps[stamps.length - 1]!
        if (!gathers) return decode(text, stamps, find)
        const first = gather.untilMs === Infinity
        if (gather.add(text, stamps)) decodeGathered()
        else if (first) timer.moved()
      },
      onError: onLost,
      onClose() {
        decodeGathered()
        if (!over) finish(answer.closed(transport.now()))
      },
    }
    timer.moved(beganMs + soonestMs(job))
  })
}
