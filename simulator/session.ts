import { zeroBill } from './billing.ts'
import { createCounts } from './counts.ts'
import type { EventWriter } from './events.ts'
import type { FaultSet } from './fault-set.ts'
import type { AnswerWriter, Billed, FinishReason, StreamEvent } from './formats/index.ts'
import { createGate } from './gate.ts'
import type { Token } from './gate.ts'
import { createGatherer } from './gather.ts'
import type { Gathered } from './gather.ts'
import type { SimulatorOptions } from './options.ts'
import type { Plan, PlannedChoice } from './plan.ts'
import { createStrikes } from './strikes.ts'
import { midwayFaults } from './midway.ts'
import { createPings } from './pings.ts'
import type { Wire } from './wire.ts'

export type SessionEnd = 'finished' | 'faulted'

/** What a streamed answer works with and tells of itself. Times in ms on the server's clock. */
export interface SessionContext {
  plan: Plan
  faults: FaultSet
  options: SimulatorOptions
  writer: AnswerWriter
  events: EventWriter
  wire: Wire
  arrivalMs: number
  nowMs(): number
  /** Prompt tokens found in the prefix cache; undefined: not told. */
  cachedTokens(): number | undefined
  /** A token's bytes are about to be handed to the socket. `held`: a fault kept it back. */
  onWritten(scheduledMs: number, writtenMs: number, held: boolean): void
  /** A token was generated and nothing is sent for it. */
  onUnsent(scheduledMs: number): void
  onHeaders(atMs: number): void
  onEnd(end: SessionEnd): void
  /** Cork and uncork around many writes. */
  together(write: () => void): void
}

/** A streamed answer that is written as its tokens come, spoilt as the faults ask. */
export interface Session {
  start(): void
  token(token: Token): void
  /** Stops timers; nothing is written any more. */
  close(): void
}

export function createSession(context: SessionContext): Session {
  const { plan, faults, options, writer, events, wire } = context
  const { doneLine } = plan.format
  const foreign = faults.unicode !== undefined || faults['split-utf8'] !== undefined
  const gatherer = createGatherer(faults.burst?.value ?? options.wire.tokensPerChunk, foreign)
  const gate = createGate(write, begin, context.together)
  const totalTokens = plan.choices.reduce((sum, choice) => sum + choice.outputTokens, 0)
  const holdsAll = faults.buffered !== undefined || faults['content-length'] !== undefined
  const counts = createCounts(plan, faults, context.cachedTokens)
  const opened = new Set<number>()
  const open = new Set<number>(plan.choices.map(({ index }) => index))
  const pings = createPings(wire, events, faults, options.wire.pingMs)
  const actions = { emit, spoil, finishAll, holdFor: gate.holdFor }
  const strike = createStrikes(faults, totalTokens, midwayFaults(plan.format, wire, actions))
  let taken = 0
  let ended = false

  function emit(list: readonly StreamEvent[]): void {
    for (const event of list) events.emit(event)
  }
  /** What opens an answer goes out once. */
  function openChoice(choice: PlannedChoice): void {
    if (opened.has(choice.index)) return
    opened.add(choice.index)
    emit(writer.open(choice))
  }
  function begin(): void {
    if (wire.begun) return
    context.onHeaders(context.nowMs())
    wire.begin()
    if (faults['foreign-events']) emit([{ event: 'metadata', data: '{"conversation_id":"abc"}' }])
  }
  function finish(end: SessionEnd): void {
    if (ended) return
    ended = true
    gate.close()
    context.onEnd(end)
  }

  /** Counts that ride on an event of a choice; `tokens` are in the event itself. */
  function riding(choice: PlannedChoice, ends: boolean, tokens: number): Billed | undefined {
    if (faults['usage-chunks']) return counts.ofChunk(tokens)
    const last = ends && open.size === 1
    if (last && writer.usageRides && plan.includeUsage) return counts.all()
    return plan.continuousUsage ? counts.soFar(choice) : undefined
  }

  function send(choice: PlannedChoice, { piece, scheduledMs }: Gathered): void {
    const last = piece.index + piece.tokens === choice.outputTokens
    const reason = last && writer.finishOnLast ? choice.finishReason : undefined
    counts.add(choice, piece.tokens)
    const usage = riding(choice, reason !== undefined, piece.tokens)
    const list = writer.piece(choice, piece, usage, reason)
    const atMs = context.nowMs()
    emit(list)
    for (const ms of scheduledMs) context.onWritten(ms, atMs, gate.releasing)
  }
  function sendWaiting(choice: PlannedChoice): void {
    const gathered = gatherer.take(choice)
    if (gathered !== undefined) send(choice, gathered)
  }
  function endChoice(choice: PlannedChoice, reason: FinishReason, told: boolean): void {
    if (!told) emit(writer.finish(choice, reason, riding(choice, true, 0)))
    open.delete(choice.index)
    if (open.size === 0) endStream(reason)
  }
  function endStream(reason: FinishReason): void {
    const usage = plan.includeUsage && !faults['usage-chunks'] ? counts.all() : undefined
    emit(writer.close(reason, usage))
    if (faults['usage-zero'] && writer.usage) emit(writer.usage(zeroBill))
    if (faults['foreign-events']) emit([{ event: 'cost', data: '{"choices":[],"cost":"0"}' }])
    if (!faults['no-done']) {
      emit(writer.done(reason, usage))
      if (faults['usage-zero'] && !writer.usage) emit(writer.done(reason, zeroBill))
      if (doneLine) emit([faults['done-blank'] ? { data: `${doneLine.data} ` } : doneLine])
    }
    events.flush()
    const lingering = faults['open-after-done']
    if (lingering === undefined) wire.end()
    else if (lingering.value > 0) setTimeout(wire.end, lingering.value).unref()
    const spoilt = reason === 'abort' || reason === 'error' || reason === 'content_filter'
    const odd = lingering ?? faults['long-length'] ?? faults['short-length']
    finish(spoilt || odd !== undefined ? 'faulted' : 'finished')
  }

  function spoil(act: () => void): void {
    events.flush()
    act()
    finish('faulted')
  }
  function finishAll(reason: FinishReason): void {
    begin()
    for (const choice of plan.choices) {
      if (!open.has(choice.index)) continue
      openChoice(choice)
      sendWaiting(choice)
      endChoice(choice, reason, false)
    }
  }

  function write(token: Token): void {
    if (strike(taken)) {
      if (!ended) gate.push(token)
      return
    }
    taken++
    begin()
    const { choice, index } = token
    const last = index === choice.outputTokens - 1
    if (!open.has(choice.index)) return
    openChoice(choice)
    if (faults.empty) return endChoice(choice, 'stop', false)
    const silent = faults['eos-silent'] !== undefined && index >= choice.tailFrom
    if (silent) {
      sendWaiting(choice)
      counts.add(choice, 1)
      context.onUnsent(token.scheduledMs)
    } else for (const gathered of gatherer.add(token)) send(choice, gathered)
    if (last) endChoice(choice, choice.finishReason, writer.finishOnLast && !silent)
  }

  return {
    start() {
      const early = faults['early-headers']
      const slow = faults['slow-headers']
      if (holdsAll) gate.holdFor(Infinity)
      else if (slow !== undefined) gate.holdFor(slow.value)
      else if (early !== undefined || options.wire.headers === 'arrival') {
        begin()
        if (early !== undefined || options.wire.role === 'arrival') {
          for (const choice of plan.choices) openChoice(choice)
          events.flush()
        }
        if (early !== undefined)
          gate.holdFor(Math.max(0, context.arrivalMs + early.value - context.nowMs()))
      }
      pings.start()
    },
    token(token) {
      if (ended) return
      if (!gate.holding) return write(token)
      gate.push(token)
      if (holdsAll && gate.size === totalTokens) {
        begin()
        gate.release()
      }
    },
    close() {
      ended = true
      gate.close()
      if (!faults['open-after-done']) pings.stop()
    },
  }
}
