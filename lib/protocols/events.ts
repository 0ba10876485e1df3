import { decodeUtf8 } from '../http/index.ts'
import { noEffects, readError } from './effects.ts'
import type { Effects, ReadFrame } from './effects.ts'
import type { Framer } from './frames.ts'
import { parseObject } from './json.ts'
import type { WireEvent } from './learn.ts'
import { createNdjsonScanner } from './ndjson.ts'
import type { Said } from './said.ts'
import { createSseScanner } from './sse.ts'
import type { DecoderSink } from './types.ts'

/** One event that was a whole delivery: what a template can be learnt from. */
export interface LoneEvent {
  wire: WireEvent
  effects: Effects
  /** Reads another JSON in this event's place. */
  readRaw(raw: string): Effects | undefined
}

/** Reads events in full: cuts the body into them, parses each and tells `said`. */
export interface EventReader {
  /** At the beginning of an event, nothing kept: what is fed next stands for itself. */
  readonly idle: boolean
  /** @returns the event, when the bytes given were just one and it brought text */
  feed(text: string, from: number, to: number, atMs: number): LoneEvent | undefined
  end(): void
}

interface Seen {
  text: string
  from: number
  to: number
  event: string
  effects: Effects
}

export function createEventReader(
  framing: 'sse' | 'ndjson',
  read: ReadFrame,
  said: Said,
  sink: DecoderSink,
): EventReader {
  /** Events that the framer gave out in this feed, and the last one if it brought text. */
  let events = 0
  let seen: Seen | undefined

  function readRaw(raw: string, event: string): Effects | undefined {
    const frame = parseObject(decodeUtf8(raw))
    if (frame === undefined) return undefined
    const effects = noEffects()
    read(frame, event, effects)
    return effects
  }

  const frames = {
    onFrame(text: string, from: number, to: number, atMs: number, event: string): void {
      events++
      seen = undefined
      if (to - from === 6 && text.startsWith('[DONE]', from)) return said.done(atMs)
      const effects = readRaw(text.slice(from, to), event)
      if (effects === undefined || effects.unknown) said.malformed()
      else if (said.event(effects, atMs)) seen = { text, from, to, event, effects }
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
  const framer: Framer = framing === 'sse' ? createSseScanner(frames) : createNdjsonScanner(frames)

  return {
    get idle() {
      return framer.idle
    },
    feed(text, from, to, atMs) {
      const alone = framer.idle
      events = 0
      seen = undefined
      framer.feed(text, from, to, atMs)
      const found = seen as Seen | undefined
      if (found === undefined || events !== 1 || !alone || !framer.idle) return undefined
      return found.text === text ? loneEvent(found, from, to) : undefined
    },
    end: () => framer.end(),
  }

  function loneEvent({ text, event, effects, ...raw }: Seen, from: number, to: number): LoneEvent {
    return {
      wire: {
        before: text.slice(from, raw.from),
        raw: text.slice(raw.from, raw.to),
        after: text.slice(raw.to, to),
      },
      effects,
      readRaw: (other) => readRaw(other, event),
    }
  }
}
