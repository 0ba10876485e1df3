import { decodeUtf8 } from '../http/index.ts'
import { noEffects, text as textOf } from './effects.ts'
import type { Effects, Json, ReadFrame, ServerError } from './effects.ts'
import { anyError, readError, readFlatError } from './errors.ts'
import type { Framer } from './frames.ts'
import { parseObject } from './json.ts'
import type { WireEvent } from './learn.ts'
import { createNdjsonScanner } from './ndjson.ts'
import type { Brought, Said } from './said.ts'
import { createSseScanner } from './sse.ts'
import { createStray } from './stray.ts'
import type { DecoderSink } from './types.ts'

/** One event that filled a whole delivery: a template can be learnt from it. */
export interface LoneEvent {
  wire: WireEvent
  brought: Exclude<Brought, undefined>
  effects: Effects
  /** Reads a different JSON in place of this event's. */
  readRaw(raw: string): Effects | undefined
}

/** Reads events in full: splits the body into events, parses each and passes it to `said`. */
export interface EventReader {
  /** At the beginning of an event with nothing kept: the next bytes stand for themselves. */
  readonly idle: boolean
  /** @returns the event, when the bytes given were exactly one and it may repeat */
  feed(text: string, from: number, to: number, atMs: number): LoneEvent | undefined
  /** The body is over. @returns the part of it that was no event, and whether it ended inside one */
  end(): { stray: string; unfinished: boolean }
  /** Forgets the body, to read another one with a reader of its own. */
  reset(read: ReadFrame): void
}

interface Seen {
  text: string
  from: number
  to: number
  event: string
  brought: Exclude<Brought, undefined>
  effects: Effects
}

const doneMark = /^\s*\[DONE\]\s*$/
const errorName = /(^|[._-])error$/i
const pingType = /^(ping|heartbeat|keep[-_]?alive)$/i

export function createEventReader(
  framing: 'sse' | 'ndjson',
  said: Said,
  sink: DecoderSink,
): EventReader {
  let read: ReadFrame = () => {}
  const stray = createStray(fail)
  /** Events that the framer emitted in this feed, and the last one that brought something. */
  let events = 0
  let seen: Seen | undefined

  function effectsOf(frame: Json | undefined, event: string): Effects | undefined {
    if (frame === undefined) return undefined
    const effects = noEffects()
    read(frame, event, effects)
    return effects
  }

  /** Whether the event's name or type calls it an error, whatever it holds. */
  function isError(event: string, frame: Json | undefined): boolean {
    return errorName.test(event) || errorName.test(textOf(frame?.['type']))
  }

  function fail({ message, type }: ServerError): void {
    sink.onError(message, type)
  }

  /** Reads what is not a frame of this format: an error of another shape, another service's event, or noise. */
  function readForeign(raw: string, frame: Json | undefined, event: string): void {
    const error = frame && (readError(frame) ?? readFlatError(frame))
    if (error !== undefined) return fail(error)
    const named = event !== '' && event !== 'message'
    const ping = raw.trim() === '' || pingType.test(String(frame?.['type'] ?? raw))
    if (!named && !ping) said.malformed()
    if (frame === undefined && framing === 'ndjson') stray.add(raw)
  }

  const frames = {
    onFrame(text: string, from: number, to: number, atMs: number, event: string): void {
      events++
      seen = undefined
      const raw = text.slice(from, to)
      if (raw.length < 32 && doneMark.test(raw)) return said.done(atMs)
      const content = decodeUtf8(raw)
      const frame = parseObject(content)
      const effects = effectsOf(frame, event)
      if (effects?.error === undefined && isError(event, frame)) fail(anyError(frame, content))
      else if (effects === undefined || effects.unknown) readForeign(content, frame, event)
      else {
        const brought = said.event(effects, atMs)
        if (brought !== undefined) seen = { text, from, to, event, brought, effects }
      }
    },
    onOverflow(maxBytes: number): void {
      sink.onError(`an event is longer than ${maxBytes} bytes`, 'event_too_large')
    },
    onStrayLine: stray.add,
  }
  const framer: Framer = framing === 'sse' ? createSseScanner(frames) : createNdjsonScanner(frames)

  return {
    reset(given) {
      read = given
      framer.reset()
      stray.reset()
    },
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
    end() {
      const { unfinished } = framer
      framer.end()
      return { stray: stray.end(), unfinished }
    },
  }

  function loneEvent(found: Seen, from: number, to: number): LoneEvent {
    const { text, brought, effects, event } = found
    return {
      wire: {
        before: text.slice(from, found.from),
        raw: text.slice(found.from, found.to),
        after: text.slice(found.to, to),
      },
      brought,
      effects,
      readRaw: (raw) => effectsOf(parseObject(decodeUtf8(raw)), event),
    }
  }
}
