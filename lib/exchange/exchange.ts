import type { ResponseHead } from '../http/index.ts'
import type { StreamEnd, WholeAnswer } from '../protocols/index.ts'
import type { Answer, Ending } from './answer.ts'
import { DEAF } from './deaf.ts'
import { createDeadlineTimer, nearestDeadline, soonestMs } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import { AnswerFault } from './fault.ts'
import { createGather, mayGather } from './gather.ts'
import type { Measure } from './measure.ts'
import { verdict } from './outcomes.ts'
import type { Verdict } from './outcomes.ts'
import { createSending } from './sending.ts'
import type {
  Connection,
  ConnectionEvents,
  Deadlines,
  FindRepeats,
  Note,
  ReadStamps,
  Transport,
} from './types.ts'

/** One request on an open connection. */
export interface ExchangeJob {
  connection: Connection
  /** The request as HTTP/1.1 bytes. */
  payload: string
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

/**
 * How long bytes that the handler stamps may have waited for it. The official module handles all that it has
 * read before any timer, so of a server that sends faster than a script reads, only the bytes tell the time.
 */
const handlerPatienceMs = 1000

/** If it were taken for the answer, this request would get another one's figures. */
const unasked = verdict(
  'stream_error',
  'unasked_answer',
  'the server sent bytes before the request was sent: an answer to something else',
)

/** What sends the requests of a session, one after the other, and reads their answers. */
export interface Exchange {
  /**
   * Sends one request on an open connection and reads its answer. Always resolves, never rejects: at the
   * answer's own end, at the connection's, or at a deadline, whichever comes first.
   */
  run(job: ExchangeJob): Promise<Seen>
}

/**
 * It is kept from request to request: the functions that it consists of would be a fifth of what a short
 * request costs.
 *
 * @param answer what reads the answers of the session
 * @param stream whether answers are asked for as streams
 */
export function createExchange(transport: Transport, answer: Answer, stream: boolean): Exchange {
  let job!: ExchangeJob
  let resolve!: (seen: Seen) => void
  let over = true
  let beganMs: number
  let lastReadMs: number | undefined
  let graceEndsMs: number | undefined
  let ended: AnswerFault['ended']
  let progressed = false
  let gathers = false
  const gather = createGather(transport.gatherMs)
  const sending = createSending(transport, { onSent, onFailed })
  const timer = createDeadlineTimer(transport, nextDeadline, onDeadline)
  const events: ConnectionEvents = { onData, onError: onLost, onClose }

  function begin(): void {
    over = progressed = gathers = false
    lastReadMs = graceEndsMs = ended = undefined
    sending.begin()
    // An iteration that was cut off inside a request left them as they were.
    timer.clear()
    gather.take()
    answer.begin(job.abortAfter?.chunks ?? Infinity, onProgress)
    job.connection.events = events
    beganMs = transport.now()
    timer.moved(beganMs + soonestMs(job, stream))
    // Last of all: the official module writes in a goroutine of its own, and whatever the script wakes after
    // it, a timer too, goes first. Of 40 VUs that began together each then sent 3 ms late, not 0.9.
    sending.start(job.connection, job.payload, job.wholeAtMs - beganMs)
  }

  function nextDeadline(): Deadline {
    return nearestDeadline(job, {
      sentMs: sending.sentMs,
      lastReadMs,
      graceEndsMs,
      gatheredUntilMs: gather.untilMs,
      waitsForToken: stream && answer.measure.chunkTimesMs.length === 0,
    })
  }

  function onSent(): void {
    if (!over) timer.moved()
  }

  function onProgress(): void {
    progressed = true
  }

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

  function onData(text: string, stamps: ReadStamps, find?: FindRepeats): void {
    if (over) return
    if (lastReadMs === undefined && stamps[1]! < beganMs) return finish(answer.giveUp(unasked))
    const waitedMs = job.connection.clock === 'socket' ? 0 : handlerPatienceMs
    timer.readUntil(stamps[1]! - waitedMs)
    if (over) return
    lastReadMs = stamps[stamps.length - 1]!
    if (!gathers) return decode(text, stamps, find)
    const first = gather.untilMs === Infinity
    if (gather.add(text, stamps)) decodeGathered()
    else if (first) timer.moved()
  }

  function onLost(message: string): void {
    decodeGathered()
    if (!over) finish(answer.lost(message))
  }

  function onClose(): void {
    decodeGathered()
    if (!over) finish(answer.closed(transport.now()))
  }

  function onFailed(error: unknown): void {
    if (!(error instanceof AnswerFault)) {
      return onLost(error instanceof Error ? error.message : String(error))
    }
    ended = error.ended
    if (!over) finish(answer.giveUp(error.verdict))
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
    gathers = !over && transport.gatherMs > 0 && mayGather(answer, job)
  }

  function decodeGathered(): void {
    const taken = over ? undefined : gather.take()
    if (taken !== undefined) decode(taken.text, taken.stamps)
  }

  function finish(ending: Ending): void {
    over = true
    timer.clear()
    const { connection } = job
    const reusable = ending.keepAlive && connection.open
    connection.events = DEAF
    if (!reusable) connection.close()
    const seen: Seen = {
      verdict: ending.verdict,
      streamEnd: ending.streamEnd,
      whole: ending.whole,
      notes: ending.notes,
      endMs: ending.endMs ?? transport.now(),
      head: answer.head,
      headersMs: answer.headersMs,
      firstByteMs: answer.firstByteMs,
      measure: answer.measure,
      silent: lastReadMs === undefined,
      reusable,
      ended,
      sentMs: undefined,
    }
    const settle = () => {
      seen.sentMs = sending.sentMs ?? ended?.sentMs
      resolve(seen)
    }
    if (seen.silent) settle()
    else sending.whenKnown(settle)
  }

  return {
    run(given) {
      // Of a request that its iteration cut off.
      if (!over) job.connection.events = DEAF
      job = given
      return new Promise((resolved) => {
        resolve = resolved
        begin()
      })
    },
  }
}
