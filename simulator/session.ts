import { pieceAt } from './answer.ts'
import type { AnswerPiece } from './answer.ts'
import type { FaultSet } from './faults.ts'
import { sseComment, sseEvent, usageJson } from './frames.ts'
import type { Frames, SseStyle, UsageCounts } from './frames.ts'
import type { SimulatorOptions } from './options.ts'
import type { Plan, PlannedChoice } from './plan.ts'
import { createStrikes } from './strikes.ts'
import type { Wire } from './wire.ts'

export type SessionEnd = 'finished' | 'faulted'

/** What a streamed answer works with and tells of itself. Times in ms on the server's clock. */
export interface SessionContext {
  plan: Plan
  faults: FaultSet
  options: SimulatorOptions
  frames: Frames
  wire: Wire
  arrivalMs: number
  nowMs(): number
  cachedTokens(): number
  /** A token's bytes are about to be handed to the socket. `held`: a fault kept it back. */
  onWritten(scheduledMs: number, writtenMs: number, held: boolean): void
  onHeaders(atMs: number): void
  onEnd(end: SessionEnd): void
  /** Cork and uncork around many writes. */
  together(write: () => void): void
}

export interface Session {
  start(): void
  token(choice: PlannedChoice, index: number, scheduledMs: number): void
  /** Stops timers; nothing is written any more. */
  close(): void
}

interface Held {
  choice: PlannedChoice
  index: number
  scheduledMs: number
}

/** Tokens of a choice that wait to fill an event (`tokensPerChunk`). */
interface Gathered {
  part: AnswerPiece['part']
  text: string
  scheduledMs: number[]
  isFirst: boolean
  count: number
}

/** Writes a streamed answer as its tokens come, spoilt as the faults ask. */
export const createSession = (context: SessionContext): Session => {
  const { plan, faults, options, frames, wire } = context
  const style: SseStyle = {
    eol: faults.crlf || options.wire.crlf ? '\r\n' : faults.cr ? '\r' : '\n',
    field: faults['no-space'] ? 'data:' : 'data: ',
    decorated: faults.comments !== undefined,
  }
  const foreign = faults.unicode !== undefined || faults['split-utf8'] !== undefined
  const tokensPerChunk = faults.burst?.value ?? options.wire.tokensPerChunk
  const eventsPerWrite = faults.coalesce?.value ?? 1
  const totalTokens = plan.choices.reduce((sum, choice) => sum + choice.outputTokens, 0)
  const withUsage = plan.includeUsage && !faults['no-usage']
  const timers = new Set<NodeJS.Timeout>()

  let ended = false
  let held: Held[] | undefined
  let releasing = false
  let events = 0
  let unsent = ''
  let unsentEvents = 0
  let taken = 0
  let choicesOpen = plan.choices.length
  const roleSent = new Set<number>()
  const gathered = new Map<number, Gathered>()
  const sent = new Map<number, number>()

  const flush = (): void => {
    if (unsent === '') return
    wire.chunk(unsent)
    unsent = ''
    unsentEvents = 0
  }
  const emit = (data: string): void => {
    unsent += sseEvent(style, data, events++)
    if (++unsentEvents >= eventsPerWrite) flush()
  }
  const finish = (end: SessionEnd): void => {
    if (ended) return
    ended = true
    for (const timer of timers) clearTimeout(timer)
    context.onEnd(end)
  }

  const usage = (completion: number, reasoning: number): string => {
    const factor = faults['hidden-reasoning']?.value ?? 1
    const billed = Math.round(completion * factor)
    const counts: UsageCounts = {
      prompt: plan.promptTokens,
      completion: billed,
      cached: options.cachedTokensInUsage ? context.cachedTokens() : undefined,
      reasoning: reasoning + billed - completion,
    }
    return usageJson(counts)
  }
  const usageNow = (): string => {
    let reasoning = 0
    let completion = 0
    for (const choice of plan.choices) {
      const count = sent.get(choice.index) ?? 0
      completion += count
      reasoning += Math.min(count, choice.reasoningTokens)
    }
    return usage(completion, reasoning)
  }
  const usageSoFar = (choice: PlannedChoice): string | undefined => {
    if (!plan.continuousUsage || faults['no-usage']) return undefined
    const count = sent.get(choice.index) ?? 0
    return usage(count, Math.min(count, choice.reasoningTokens))
  }

  const begin = (): void => {
    if (wire.begun) return
    context.onHeaders(context.nowMs())
    wire.begin()
  }
  const sendRole = (choice: PlannedChoice): void => {
    if (plan.kind !== 'chat' || roleSent.has(choice.index)) return
    roleSent.add(choice.index)
    emit(frames.frame(choice.index, '"role":"assistant","content":""', undefined))
  }

  const delta = (choice: PlannedChoice, g: Gathered): string => {
    const text = JSON.stringify(g.text)
    if (plan.kind === 'completions') return `"text":${text}`
    const role = roleSent.has(choice.index) ? '' : '"role":"assistant",'
    roleSent.add(choice.index)
    if (g.part === 'reasoning') return `${role}"${options.reasoningField}":${text}`
    if (g.part === 'content') return `${role}"content":${text}`
    const name = g.isFirst
      ? `"id":"call_${choice.seed.toString(36)}","type":"function","function":{"name":${JSON.stringify(choice.tool)},`
      : '"function":{'
    return `${role}"tool_calls":[{"index":0,${name}"arguments":${text}}}]`
  }

  const sendGathered = (choice: PlannedChoice, last: boolean): void => {
    const g = gathered.get(choice.index)
    if (g === undefined) return
    gathered.delete(choice.index)
    sent.set(choice.index, (sent.get(choice.index) ?? 0) + g.count)
    const reason = last && options.wire.finish === 'lastToken' ? choice.finishReason : undefined
    const final = reason !== undefined && choicesOpen === 1 && options.wire.usage === 'final'
    const counts = final && withUsage ? usageNow() : usageSoFar(choice)
    const data = frames.frame(choice.index, delta(choice, g), reason, counts)
    const atMs = context.nowMs()
    emit(data)
    for (const scheduledMs of g.scheduledMs) context.onWritten(scheduledMs, atMs, releasing)
  }

  const endOfStream = (): void => {
    if (withUsage && options.wire.usage === 'own') emit(frames.usageFrame(usageNow()))
    if (!faults['no-done']) emit('[DONE]')
    flush()
    wire.end()
    finish(faults['long-length'] || faults['short-length'] ? 'faulted' : 'finished')
  }
  const endOfChoice = (choice: PlannedChoice, reason: string): void => {
    if (options.wire.finish === 'own' || faults.empty) {
      const final = choicesOpen === 1 && options.wire.usage === 'final' && withUsage
      emit(frames.frame(choice.index, '', reason, final ? usageNow() : usageSoFar(choice)))
    }
    if (--choicesOpen === 0) endOfStream()
  }

  const release = (): void => {
    const tokens = held ?? []
    held = undefined
    releasing = true
    context.together(() => {
      for (const [i, token] of tokens.entries()) {
        // A fault may strike again on the way and hold the rest back anew.
        if (held !== undefined) (held as Held[]).push(...tokens.slice(i))
        if (held !== undefined || ended) break
        write(token.choice, token.index, token.scheduledMs)
      }
    })
    releasing = false
  }
  const holdFor = (ms: number): void => {
    held ??= []
    if (ms === Infinity) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      begin()
      release()
    }, ms)
    timers.add(timer)
  }

  const spoil = (act: () => void): void => {
    flush()
    act()
    finish('faulted')
  }
  const strike = createStrikes(faults, totalTokens, {
    stall: (ms) => holdFor(ms === 0 ? Infinity : ms),
    badJson: () => emit('{"choices":[{"index":0,"delta":{"content":" br'),
    badChunk: () =>
      spoil(() => {
        wire.raw('xyz\r\nthis is no chunk\r\n')
        wire.cut()
      }),
    errorEvent: () =>
      spoil(() => {
        emit(frames.errorFrame('simulated: the engine died'))
        emit('[DONE]')
        flush()
        wire.end()
      }),
    truncate: () => spoil(wire.end),
    cut: () => spoil(wire.cut),
    reset: () => spoil(wire.reset),
  })

  const write = (choice: PlannedChoice, index: number, scheduledMs: number): void => {
    if (strike(taken)) {
      if (!ended && held !== undefined) held.push({ choice, index, scheduledMs })
      return
    }
    taken++
    begin()
    if (options.wire.role !== 'none' || faults.empty) sendRole(choice)
    if (faults.empty) return endOfChoice(choice, 'stop')
    const piece = pieceAt(choice, index, foreign)
    const before = gathered.get(choice.index)
    const firstOfTool = piece.part === 'tool' && index === choice.reasoningTokens
    if (before !== undefined && before.part !== piece.part) sendGathered(choice, false)
    const g = gathered.get(choice.index)
    if (g === undefined)
      gathered.set(choice.index, {
        part: piece.part,
        text: piece.text,
        scheduledMs: [scheduledMs],
        isFirst: firstOfTool,
        count: 1,
      })
    else {
      g.text += piece.text
      g.scheduledMs.push(scheduledMs)
      g.count++
    }
    const last = index === choice.outputTokens - 1
    if (last || gathered.get(choice.index)!.count >= tokensPerChunk) sendGathered(choice, last)
    if (last) endOfChoice(choice, choice.finishReason)
  }

  return {
    start() {
      const early = faults['early-headers']
      const slow = faults['slow-headers']
      if (faults.buffered) held = []
      else if (slow !== undefined) holdFor(slow.value)
      else if (early !== undefined || options.wire.headers === 'arrival') {
        begin()
        if (early !== undefined || options.wire.role === 'arrival') {
          for (const choice of plan.choices) sendRole(choice)
          flush()
        }
        if (early !== undefined)
          holdFor(Math.max(0, context.arrivalMs + early.value - context.nowMs()))
      }
      const pingMs = faults.ping?.value ?? options.wire.pingMs
      if (pingMs > 0) {
        const timer = setInterval(() => {
          if (wire.begun && unsent === '') wire.chunk(sseComment(style))
        }, pingMs)
        timers.add(timer)
      }
    },
    token(choice, index, scheduledMs) {
      if (ended) return
      if (held === undefined) return write(choice, index, scheduledMs)
      held.push({ choice, index, scheduledMs })
      if (faults.buffered && held.length === totalTokens) {
        begin()
        release()
      }
    },
    close() {
      ended = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
