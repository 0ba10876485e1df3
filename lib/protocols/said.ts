import { utf8Length } from '../http/index.ts'
import { createCallCollector } from './calls.ts'
import { createCounts } from './counts.ts'
import type { Effects } from './effects.ts'
import type { Template, TemplateMatch } from './template.ts'
import { createTextCollector } from './text.ts'
import type { DecoderSink, StreamEnd } from './types.ts'

/** What an event brought that a later one may bring again. */
export type Brought = 'text' | 'blank' | undefined

/** What a stream has said so far: counts and the facts of its end, added event by event. */
export interface Said {
  /** Adds an event that was read in full. */
  event(effects: Effects, atMs: number): Brought
  /** Adds an event that a template recognised; its text is `text.slice(match.textFrom, match.textTo)`. */
  token(template: Template, match: TemplateMatch, text: string, atMs: number): void
  /** Adds the text of a recognised event, as its JSON literal stands on the wire. */
  collect(part: Template['part'], literal: string): void
  readonly collects: boolean
  done(atMs: number): void
  malformed(): void
  /** Adds payload bytes that a template's events brought without `token`. */
  addBytes(template: Template, bytes: number): void
  end(): Omit<StreamEnd, 'stray'>
  reset(): void
}

export function createSaid(sink: DecoderSink, collects: boolean): Said {
  const answer = createTextCollector(collects)
  const reasoning = createTextCollector(collects)
  const calls = createCallCollector(collects)
  const counts = createCounts()
  let begun!: boolean
  let done!: boolean
  let finishReason: string | undefined
  let finishMs: number | undefined
  /** The template whose usage was reported last: its further events change only the count. */
  let usageOf: Template | undefined
  let malformed!: number
  let payloadBytes!: number
  let reasoningBytes!: number
  let leadingBlanks!: number
  reset()

  function reset(): void {
    answer.reset()
    reasoning.reset()
    calls.reset()
    counts.reset()
    begun = done = false
    finishReason = finishMs = usageOf = undefined
    malformed = payloadBytes = reasoningBytes = leadingBlanks = 0
  }

  function collect(part: Template['part'], literal: string): void {
    if (part === 'answer') answer.addLiteral(literal)
    else if (part === 'reasoning') reasoning.addLiteral(literal)
    else calls.addLiteral(literal)
  }

  function addBytes({ part, summary }: Template, bytes: number): void {
    payloadBytes += bytes
    if (part === 'reasoning' && !summary) reasoningBytes += bytes
  }

  function finish(atMs: number): void {
    if (done) return
    done = true
    sink.onDone(atMs)
  }

  function readText(effects: Effects, payload: string, atMs: number): void {
    begun = true
    payloadBytes += utf8Length(payload)
    if (!effects.summary) reasoningBytes += utf8Length(effects.reasoning)
    answer.addText(effects.answer)
    reasoning.addText(effects.reasoning)
    const onlyReasoning = effects.reasoning === payload && payload !== ''
    const tokens = effects.tokens ?? counts.tokensIn(effects.cumulative)
    sink.onTokens(atMs, onlyReasoning ? 'reasoning' : 'answer', tokens)
  }

  /**
   * A token without text. Before the first text it moves no mark, because gateways send empty events at
   * once, but it counts: through the running count with the next text, else separately.
   */
  function readBlank(total: number | undefined, opens: boolean, atMs: number): Brought {
    if (total !== undefined) {
      if (!begun || !counts.grew(total)) return undefined
      sink.onBlank(atMs, counts.tokensIn(total))
    } else if (begun) sink.onBlank(atMs, undefined)
    else if (opens) return undefined
    else leadingBlanks++
    return 'blank'
  }

  return {
    reset,
    collects,
    collect,
    addBytes,
    done: finish,
    malformed: () => malformed++,
    event(effects, atMs) {
      const { usage, error, cumulative } = effects
      const payload = effects.answer + effects.reasoning + effects.tool
      if (usage !== undefined) counts.report(usage)
      if (effects.calls !== undefined) for (const part of effects.calls) calls.add(part)
      usageOf = undefined
      let brought: Brought
      if (payload !== '' || effects.tokens !== undefined) {
        readText(effects, payload, atMs)
        if (payload !== '') brought = 'text'
      } else if (effects.blank && finishReason === undefined) {
        // An event that ends the answer brings a token only where the count says so.
        const ends = effects.finishReason !== undefined
        if (!ends || cumulative !== undefined) brought = readBlank(cumulative, effects.opens, atMs)
      }
      if (effects.finishReason !== undefined) {
        finishReason = effects.finishReason
        finishMs ??= atMs
      }
      if (error !== undefined) sink.onError(error.message, error.type)
      if (effects.done) finish(atMs)
      return brought
    },
    token(template, match, text, atMs) {
      // Few calls and look-ups: this runs for every token that is not plain.
      const { part, usage } = template
      if (part === 'blank') {
        if (finishReason === undefined) readBlank(undefined, false, atMs)
        return
      }
      const bytes = match.textTo - match.textFrom
      payloadBytes += bytes
      if (part === 'reasoning' && !template.summary) reasoningBytes += bytes
      if (collects) collect(part, text.slice(match.textFrom, match.textTo))
      let { tokens } = template
      if (usage !== undefined) {
        if (usageOf !== template) counts.report({ ...usage, output: match.count })
        usageOf = template
        const counted = counts.advance(match.count)
        tokens ??= counted
      }
      sink.onTokens(atMs, part === 'reasoning' ? part : 'answer', tokens)
    },
    end: () => ({
      ...counts.end(),
      done,
      finishReason,
      finishMs,
      leadingBlanks,
      text: answer.text(),
      reasoningText: reasoning.text(),
      toolCalls: calls.calls(),
      malformed,
      payloadBytes,
      reasoningBytes,
    }),
  }
}
