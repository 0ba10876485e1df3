import { utf8Length } from '../http/index.ts'
import type { Effects } from './effects.ts'
import type { Template, TemplateMatch } from './template.ts'
import { createTextCollector } from './text.ts'
import type { DecoderSink, StreamEnd, Usage } from './types.ts'

/** What a stream has said so far: counts and the facts of its end, events added one by one. */
export interface Said {
  /** An event that was read in full. @returns whether it brought generated text */
  event(effects: Effects, atMs: number): boolean
  /** An event that a template recognised: its text is `text.slice(match.textFrom, match.textTo)`. */
  token(template: Template, match: TemplateMatch, text: string, atMs: number): void
  /** Text of a recognised event, as its JSON literal stands on the wire. */
  collect(part: Template['part'], literal: string): void
  readonly collects: boolean
  done(atMs: number): void
  malformed(): void
  /** @param moreBytes of payload that went past `event` and `token` */
  end(moreBytes: number): StreamEnd
}

export function createSaid(sink: DecoderSink, collects: boolean): Said {
  const answer = createTextCollector(collects)
  const reasoning = createTextCollector(collects)
  let done = false
  let finishReason: string | undefined
  let usage: Usage | undefined
  /** The template whose usage was merged last: its next events only change the count. */
  let usageOf: Template | undefined
  let malformed = 0
  let payloadBytes = 0
  let cumulative = 0

  /** Tokens of an event without text (half a character) count for the next one that has some. */
  function newTokens(total: number | undefined): number | undefined {
    if (total === undefined) return undefined
    const fresh = total - cumulative
    if (fresh <= 0) return undefined
    cumulative = total
    return fresh
  }

  function collect(part: Template['part'], literal: string): void {
    if (part === 'answer') answer.addLiteral(literal)
    else if (part === 'reasoning') reasoning.addLiteral(literal)
  }

  function finish(atMs: number): void {
    if (done) return
    done = true
    sink.onDone(atMs)
  }

  return {
    collects,
    collect,
    done: finish,
    malformed: () => malformed++,
    event(effects, atMs) {
      const payload = effects.answer + effects.reasoning + effects.tool
      if (effects.usage !== undefined) {
        usage = merge(usage, effects.usage)
        usageOf = undefined
      }
      if (payload !== '' || effects.tokens !== undefined) {
        payloadBytes += utf8Length(payload)
        answer.addText(effects.answer)
        reasoning.addText(effects.reasoning)
        const onlyReasoning = effects.reasoning === payload && payload !== ''
        const tokens = effects.tokens ?? newTokens(effects.cumulative)
        sink.onTokens(atMs, onlyReasoning ? 'reasoning' : 'answer', tokens)
      }
      if (effects.finishReason !== undefined) finishReason = effects.finishReason
      if (effects.error !== undefined) sink.onError(effects.error.message, effects.error.type)
      if (effects.done) finish(atMs)
      return payload !== ''
    },
    token(template, match, text, atMs) {
      const { part } = template
      payloadBytes += match.textTo - match.textFrom
      if (collects) collect(part, text.slice(match.textFrom, match.textTo))
      let { tokens } = template
      if (template.usage !== undefined) {
        if (usageOf !== template || usage === undefined) usage = merge(usage, template.usage)
        usageOf = template
        usage.output = match.count
        tokens ??= newTokens(match.count)
      }
      sink.onTokens(atMs, part === 'reasoning' ? part : 'answer', tokens)
    },
    end: (moreBytes) => ({
      done,
      finishReason,
      usage,
      text: answer.text(),
      reasoningText: reasoning.text(),
      malformed,
      payloadBytes: payloadBytes + moreBytes,
    }),
  }
}

/** Anthropic sends input and output counts in different events: the last given value wins. */
function merge(before: Usage | undefined, update: Partial<Usage>): Usage {
  return {
    input: update.input ?? before?.input,
    output: update.output ?? before?.output,
    cached: update.cached ?? before?.cached,
    reasoning: update.reasoning ?? before?.reasoning,
  }
}
