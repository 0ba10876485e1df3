import { decodeUtf8, utf8Length } from '../http/index.ts'
import { isObject, noEffects, readError } from './effects.ts'
import type { Effects, FrameReader, Json } from './effects.ts'
import type { Framer } from './frames.ts'
import { createNdjsonScanner } from './ndjson.ts'
import { createSseScanner } from './sse.ts'
import { learnTemplate, matchTemplate } from './template.ts'
import type { Template } from './template.ts'
import { createTextCollector } from './text.ts'
import type { DecoderOptions, DecoderSink, StreamDecoder, Usage } from './types.ts'

export interface JsonStreamFormat {
  framing: 'sse' | 'ndjson'
  createReader(): FrameReader
  /** Names of the JSON members that hold generated text; empty = parse every frame in full. */
  textKeys: readonly string[]
  /** The format has no terminal marker: a body that ended properly is whole. */
  endIsDone?: boolean
}

/** Interleaved choices and reasoning beside an answer need more than one. */
const maxTemplates = 4
/** Learning costs about two parses: a stream whose frames never repeat is soon left alone. */
const learnBudget = 6

/** The decoder of every format whose events are JSON objects; `[DONE]` is known to all of them. */
export function createJsonStream(
  format: JsonStreamFormat,
  sink: DecoderSink,
  options: DecoderOptions = {},
): StreamDecoder {
  const reader = format.createReader()
  const answer = createTextCollector(options.collectText === true)
  const reasoning = createTextCollector(options.collectText === true)
  const shortcuts = options.fullParse !== true && format.textKeys.length > 0
  let templates: Template[] = []
  let budget = learnBudget
  let hits = 0
  let done = false
  let finishReason: string | undefined
  let usage: Usage | undefined
  let malformed = 0
  let payloadBytes = 0
  let cumulative = 0

  function readRaw(raw: string, event: string): Effects | undefined {
    let frame: unknown
    try {
      frame = JSON.parse(decodeUtf8(raw))
    } catch {
      return undefined
    }
    if (!isObject(frame)) return undefined
    const effects = noEffects()
    reader.read(frame, event, effects)
    return effects
  }

  function readInFull(raw: string, event: string, atMs: number): void {
    const effects = readRaw(raw, event)
    if (effects === undefined || effects.unknown) {
      malformed++
      return
    }
    const tokens = newTokens(effects)
    const bytes = utf8Length(effects.answer + effects.reasoning + effects.tool)
    if (bytes > 0 || effects.tokens !== undefined) {
      payloadBytes += bytes
      answer.addText(effects.answer)
      reasoning.addText(effects.reasoning)
      const onlyReasoning = effects.reasoning !== '' && effects.answer === '' && effects.tool === ''
      sink.onTokens(atMs, onlyReasoning ? 'reasoning' : 'answer', tokens)
      if (shortcuts && tokens === undefined) learn(raw, event)
    }
    if (effects.usage !== undefined) usage = merge(usage, effects.usage)
    if (effects.finishReason !== undefined) finishReason = effects.finishReason
    if (effects.error !== undefined) fail(effects.error)
    if (effects.done) finish(atMs)
  }

  /** Tokens of a frame without text (half a character) count for the next one that has some. */
  function newTokens(effects: Effects): number | undefined {
    if (effects.tokens !== undefined) return effects.tokens
    const total = effects.cumulative
    const empty = effects.answer === '' && effects.reasoning === '' && effects.tool === ''
    if (total === undefined || empty) return undefined
    const fresh = total - cumulative
    cumulative = Math.max(cumulative, total)
    return fresh > 0 ? fresh : undefined
  }

  function learn(raw: string, event: string): void {
    if (budget <= 0) return
    budget--
    const found = learnTemplate(raw, event, format.textKeys, (probe) => readRaw(probe, event))
    if (found === undefined) return
    templates = [found, ...templates.slice(0, maxTemplates - 1)]
  }

  function fail(error: { message: string; type: string | undefined }): void {
    sink.onError(error.message, error.type)
  }

  function finish(atMs: number): void {
    if (done) return
    done = true
    sink.onDone(atMs)
  }

  const frames = {
    onFrame(text: string, from: number, to: number, atMs: number, event: string): void {
      for (let i = 0; i < templates.length; i++) {
        const template = templates[i]!
        const bytes = event === template.event ? matchTemplate(template, text, from, to) : 0
        if (bytes === 0) continue
        payloadBytes += bytes
        if (answer.on) {
          const start = from + template.prefix.length
          if (template.part === 'answer') answer.addLiteral(text.slice(start, start + bytes))
          else if (template.part === 'reasoning')
            reasoning.addLiteral(text.slice(start, start + bytes))
        }
        if (++hits % 32 === 0 && budget < learnBudget) budget++
        if (i > 0) {
          templates[i] = templates[0]!
          templates[0] = template
        }
        sink.onTokens(atMs, template.kind, undefined)
        return
      }
      if (to - from === 6 && text.startsWith('[DONE]', from)) finish(atMs)
      else readInFull(text.slice(from, to), event, atMs)
    },
    onOverflow(maxBytes: number): void {
      sink.onError(`an event is longer than ${maxBytes} bytes`, 'event_too_large')
    },
    // llama.cpp wrote `error: {…}` as a field of its own (ggml-org/llama.cpp#14566).
    onUnknownField(name: string, value: string): void {
      if (name !== 'error') return
      let content: unknown = decodeUtf8(value)
      try {
        content = JSON.parse(decodeUtf8(value))
      } catch {
        // Not JSON: its text is the message.
      }
      const found = readError({ error: content }) ?? { message: value, type: undefined }
      fail(found)
    },
  }
  const framer: Framer =
    format.framing === 'sse' ? createSseScanner(frames) : createNdjsonScanner(frames)

  return {
    feed: framer.feed,
    end() {
      framer.end()
      const whole = done || format.endIsDone === true
      return {
        done: whole,
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
      answer.reset()
      reasoning.reset()
      templates = []
      budget = learnBudget
      hits = malformed = payloadBytes = cumulative = 0
      done = false
      finishReason = usage = undefined
    },
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

/** Parses a whole answer or a frame that must be an object. */
export function parseObject(body: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
