import { decodeUtf8, utf8Length } from '../http/index.ts'
import { isObject, noEffects, readError } from './effects.ts'
import type { Effects, FrameReader, Json } from './effects.ts'
import type { Framer } from './frames.ts'
import { createNdjsonScanner } from './ndjson.ts'
import { createShortcut } from './shortcut.ts'
import { createSseScanner } from './sse.ts'
import type { Template } from './template.ts'
import { createTextCollector } from './text.ts'
import type { DecoderOptions, DecoderSink, StreamDecoder, Usage } from './types.ts'

export interface JsonStreamFormat {
  framing: 'sse' | 'ndjson'
  createReader(): FrameReader
  /**
   * Names of the JSON members that hold generated text; empty = parse every event in full, as a
   * reader must have it that keeps a state between events.
   */
  textKeys: readonly string[]
  /** The format has no terminal marker: a body that ended properly is whole. */
  endIsDone?: boolean
}

/**
 * The decoder of every format whose events are JSON objects; `[DONE]` is known to all of them.
 *
 * A full parse costs 20-40 us in k6's engine, so an event that repeats an earlier one but for its
 * text is recognised by its fixed parts (template.ts, learn.ts), framing included; the others go
 * through the framer and JSON.parse. `fullParse` turns the shortcut off: the tests compare the two.
 */
export function createJsonStream(
  format: JsonStreamFormat,
  sink: DecoderSink,
  options: DecoderOptions = {},
): StreamDecoder {
  const reader = format.createReader()
  const answer = createTextCollector(options.collectText === true)
  const reasoning = createTextCollector(options.collectText === true)
  const shortcuts = options.fullParse !== true && format.textKeys.length > 0
  const shortcut = createShortcut(format.textKeys)
  const { match } = shortcut
  let done = false
  let finishReason: string | undefined
  let usage: Usage | undefined
  /** The template whose usage was merged last: its next events only change the count. */
  let usageOf: Template | undefined
  let malformed = 0
  let payloadBytes = 0
  let cumulative = 0
  /** The shortcut may look: the framer holds nothing back. */
  let idle = false
  /** The template in use, where its events are nothing but fixed parts around one text. */
  let plain: Template | undefined
  let plainHead = ''
  let plainTail = ''
  /** The engine makes an object of a string to read its length: as dear as searching in it. */
  let headLength = 0
  let tailLength = 0
  let plainEvents = 0
  let plainKind: 'answer' | 'reasoning' = 'answer'
  /** The last event that the framer gave out in this feed, if it is one to learn from. */
  let seen = 0
  let seenText = ''
  let seenFrom = 0
  let seenTo = 0
  let seenEvent = ''
  let seenEffects: Effects | undefined

  function readRaw(raw: string, event: string): Effects | undefined {
    const frame = parseObject(decodeUtf8(raw))
    if (frame === undefined) return undefined
    const effects = noEffects()
    reader.read(frame, event, effects)
    return effects
  }

  function readInFull(raw: string, event: string, atMs: number): Effects | undefined {
    const effects = readRaw(raw, event)
    if (effects === undefined || effects.unknown) {
      malformed++
      return undefined
    }
    const payload = effects.answer + effects.reasoning + effects.tool
    if (effects.usage !== undefined) {
      usage = merge(usage, effects.usage)
      usageOf = undefined
    }
    const counts = payload !== '' || effects.tokens !== undefined
    if (counts) {
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
    return payload === '' ? undefined : effects
  }

  /** Tokens of an event without text (half a character) count for the next one that has some. */
  function newTokens(total: number | undefined): number | undefined {
    if (total === undefined) return undefined
    const fresh = total - cumulative
    if (fresh <= 0) return undefined
    cumulative = total
    return fresh
  }

  function collect({ part }: Template, literal: string): void {
    if (part === 'answer') answer.addLiteral(literal)
    else if (part === 'reasoning') reasoning.addLiteral(literal)
  }

  function token(template: Template, text: string, atMs: number): void {
    payloadBytes += match.textTo - match.textFrom
    if (answer.on) collect(template, text.slice(match.textFrom, match.textTo))
    const { part } = template
    let { tokens } = template
    if (template.usage !== undefined) {
      if (usageOf !== template || usage === undefined) usage = merge(usage, template.usage)
      usageOf = template
      usage.output = match.count
      tokens ??= newTokens(match.count)
    }
    sink.onTokens(atMs, part === 'reasoning' ? part : 'answer', tokens)
  }

  function usePlain(template: Template): void {
    plain = isPlain(template) ? template : undefined
    plainHead = template.segments[0]!
    plainTail = template.segments[1]!
    headLength = plainHead.length
    tailLength = plainTail.length
    plainKind = template.part === 'reasoning' ? 'reasoning' : 'answer'
  }

  function finish(atMs: number): void {
    if (done) return
    done = true
    sink.onDone(atMs)
  }

  const frames = {
    onFrame(text: string, from: number, to: number, atMs: number, event: string): void {
      seen++
      if (to - from === 6 && text.startsWith('[DONE]', from)) {
        seenEffects = undefined
        finish(atMs)
        return
      }
      seenText = text
      seenFrom = from
      seenTo = to
      seenEvent = event
      seenEffects = readInFull(text.slice(from, to), event, atMs)
    },
    onOverflow(maxBytes: number): void {
      sink.onError(`an event is longer than ${maxBytes} bytes`, 'event_too_large')
    },
    // llama.cpp wrote `error: {…}` as a field of its own (ggml-org/llama.cpp#14566).
    onUnknownField(name: string, value: string): void {
      if (name !== 'error') return
      const content = decodeUtf8(value)
      const found = readError({ error: parseObject(content) ?? content })
      if (found !== undefined) sink.onError(found.message, found.type)
    },
  }
  const framer: Framer =
    format.framing === 'sse' ? createSseScanner(frames) : createNdjsonScanner(frames)

  /** By the framer; and when these bytes were just one event, learns from it. */
  function feedFramer(text: string, from: number, to: number, atMs: number): void {
    const alone = idle
    seen = 0
    seenEffects = undefined
    framer.feed(text, from, to, atMs)
    idle = shortcuts && framer.idle
    if (seen !== 1 || seenEffects === undefined) return
    if (!alone || !idle || !shortcut.wantsToLearn || seenText !== text) return
    const event = seenEvent
    const wire = {
      before: text.slice(from, seenFrom),
      raw: text.slice(seenFrom, seenTo),
      after: text.slice(seenTo, to),
    }
    shortcut.learn(wire, seenEffects, (raw) => readRaw(raw, event))
  }

  return {
    feed(text, from, to, atMs) {
      let pos = from
      if (idle) {
        if (plain !== undefined) {
          // One event of the plain template, as nearly every chunk of a stream is: found as by
          // matchTemplate, and written out here because a call costs as much as all of it.
          const textFrom = from + headLength
          const textTo = to - tailLength
          if (
            textTo > textFrom &&
            text.slice(from, textFrom) === plainHead &&
            text.slice(textTo, to) === plainTail &&
            // The first quote behind the text's beginning ends it, unless a backslash is before it.
            text.indexOf('"', textFrom) === textTo &&
            text.charCodeAt(textTo - 1) !== BACKSLASH
          ) {
            plainEvents++
            payloadBytes += textTo - textFrom
            if (answer.on) collect(plain, text.slice(textFrom, textTo))
            sink.onTokens(atMs, plainKind, plain.tokens)
            return
          }
        }
        shortcut.hit(plainEvents)
        plainEvents = 0
        while (pos < to) {
          const template = shortcut.find(text, pos, to)
          if (template === undefined) break
          if (template !== plain) usePlain(template)
          token(template, text, atMs)
          pos = match.end
        }
      }
      if (pos < to) feedFramer(text, pos, to, atMs)
    },
    end() {
      framer.end()
      return {
        done: done || format.endIsDone === true,
        finishReason,
        usage,
        text: answer.text(),
        reasoningText: reasoning.text(),
        malformed,
        payloadBytes,
      }
    },
    reset() {
      framer.reset()
      reader.reset()
      shortcut.reset()
      answer.reset()
      reasoning.reset()
      malformed = payloadBytes = cumulative = plainEvents = 0
      done = idle = false
      plain = undefined
      finishReason = usage = usageOf = undefined
    },
  }
}

const BACKSLASH = 92

/** One text between two fixed parts, the second of which begins with the text's closing quote. */
function isPlain({ holes, segments, usage }: Template): boolean {
  return holes.length === 1 && holes[0] === 'text' && usage === undefined && segments[1]![0] === '"'
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

/** @returns the JSON object in `body`, undefined when it is none */
export function parseObject(body: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
