import type { ResponseHead } from '../http/index.ts'
import type { Protocol, StreamEnd, WholeAnswer } from '../protocols/index.ts'
import { createAnswer } from './answer.ts'
import type { Ending } from './answer.ts'
import { createDeadlineTimer, nearestDeadline } from './deadline.ts'
import type { Deadline } from './deadline.ts'
import type { Measure } from './measure.ts'
import { verdict } from './outcomes.ts'
import type { Verdict } from './outcomes.ts'
import { sendOn } from './sending.ts'
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

/**
 * Sends one request on an open connection and reads its answer. Resolves always, never rejects: by the
 * answer's own end, by the connection's, or by a deadline, whichever comes first.
 */
export function exchangeOn(job: ExchangeJob): Promise<Seen> {
  return new Promise((resolve) => {
    const { transport, connection } = job
    let over = false
    let lastReadMs: number | undefined
    let progressed = false
    const answer = createAnswer(job, job.abortAfter?.chunks ?? Infinity, () => (progressed = true))
    const timer = createDeadlineTimer(
      transport,
      () => nearestDeadline(job, { sentMs: sending.sentMs, lastReadMs, measure: answer.measure }),
      onDeadline,
    )
    function onDeadline(what: Deadline['what']): void {
      const { doneMs } = answer.measure
      if (what === 'abort') finish(answer.giveUp(verdict('aborted', 'aborted_by_user')))
      else if (doneMs !== undefined) finish(answer.stop(doneMs))
      // A status that came before the silence says more than the silence.
      else if (answer.reading === 'refusal') finish(answer.stop(transport.now()))
      else finish(answer.giveUp(verdict('timeout', `${what}_timeout`)))
    }

    function onLost(message: string): void {
      if (!over) finish(answer.lost(message))
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
      }
      const settle = () => resolve({ ...seen, sentMs: sending.sentMs })
      if (seen.silent) settle()
      else sending.whenKnown(settle)
    }

    connection.events = {
      onData(text, stamps) {
        if (over) return
        lastReadMs = stamps[stamps.length - 1] ?? transport.now()
        const ending = answer.feed(text, stamps)
        if (ending !== undefined) finish(ending)
        else if (progressed || answer.measure.doneMs !== undefined) {
          progressed = false
          timer.rearm()
        }
      },
      onError: onLost,
      onClose() {
        if (!over) finish(answer.closed(transport.now()))
      },
    }
    const sending = sendOn(connection, job, transport, {
      onSent() {
        if (!over) timer.rearm()
      },
      onFailed: onLost,
    })
    timer.rearm()
  })
}
