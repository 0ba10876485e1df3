import type { ReadFrame } from './effects.ts'
import { createEventReader } from './events.ts'
import { createSaid } from './said.ts'
import { createShortcut } from './shortcut.ts'
import type { Template, TemplateMatch } from './template.ts'
import type { DecoderOptions, DecoderSink, StreamDecoder } from './types.ts'

export interface JsonStreamFormat {
  framing: 'sse' | 'ndjson'
  createReader(): ReadFrame
  /**
   * Names of the JSON members that hold generated text; empty = parse every event in full, which a
   * reader needs that keeps state between events.
   */
  textKeys: readonly string[]
  /** The format has no terminal marker: a body that ended properly is complete. */
  endIsDone?: boolean
}

const BACKSLASH = 92

/**
 * The decoder of every format whose events are JSON objects; all of them may end with `[DONE]`. Each
 * event is read in the cheapest of three ways that recognises it:
 *
 * 1. by the plain template: fixed parts around one text, which nearly every chunk is;
 * 2. by a learnt template (template.ts, learn.ts), framing included;
 * 3. in full (events.ts), which costs 20-40 us in k6's engine. Templates are learnt from these.
 *
 * `fullParse` leaves only the third way, so that tests can compare the two.
 */
export function createJsonStream(
  format: JsonStreamFormat,
  sink: DecoderSink,
  options: DecoderOptions = {},
): StreamDecoder {
  const said = createSaid(sink, options.collectText === true)
  const reader = createEventReader(format.framing, said, sink)
  const shortcut = createShortcut(format.textKeys)
  const shortcuts = options.fullParse !== true && format.textKeys.length > 0
  const { match } = shortcut
  /** Whether a template may be tried: only at the beginning of an event. */
  let idle!: boolean
  /** The plain template, taken apart: reading a length creates an object, as expensive as a search. */
  let plain: Template | undefined
  /** The learnt template that it was made of. */
  let source: Template | undefined
  let head = ''
  let tail = ''
  let headLength = 0
  let tailLength = 0
  let kind: 'answer' | 'reasoning' = 'answer'
  /** Bytes that the plain template has read and not yet reported. */
  let plainBytes!: number
  let plainEvents!: number
  reset()

  function reset(): void {
    said.reset()
    shortcut.reset()
    reader.reset(format.createReader())
    idle = false
    plain = source = undefined
    plainBytes = plainEvents = 0
  }

  /** Reports what the plain template has read. */
  function settlePlain(): void {
    if (plain !== undefined) said.addBytes(plain, plainBytes)
    shortcut.hit(plainEvents)
    plainBytes = plainEvents = 0
  }

  /** @param text,pos the event that the template recognised */
  function usePlain(template: Template, text: string, pos: number): void {
    if (template.part === 'blank') return
    source = template
    plain = plainOf(template, text, pos, match)
    if (plain === undefined) return
    head = plain.segments[0]!
    tail = plain.segments[1]!
    headLength = head.length
    tailLength = tail.length
    kind = template.part === 'reasoning' ? 'reasoning' : 'answer'
  }

  /** @returns up to where learnt templates have read */
  function readByTemplates(text: string, from: number, to: number, atMs: number): number {
    if (plainEvents > 0) settlePlain()
    let pos = from
    while (pos < to) {
      const template = shortcut.find(text, pos, to)
      if (template === undefined) break
      if (template !== source) usePlain(template, text, pos)
      said.token(template, match, text, atMs)
      pos = match.end
    }
    return pos
  }

  function readInFull(text: string, from: number, to: number, atMs: number): void {
    const lone = reader.feed(text, from, to, atMs)
    idle = shortcuts && reader.idle
    if (lone !== undefined && idle && shortcut.wantsToLearn) shortcut.learn(lone)
  }

  return {
    feed(text, from, to, atMs) {
      if (plain !== undefined && idle) {
        // Inlined, because a call costs as much as all of it; the rules are those of matchTemplate.
        const textFrom = from + headLength
        const textTo = to - tailLength
        if (
          textTo > textFrom &&
          text.slice(from, textFrom) === head &&
          text.slice(textTo, to) === tail &&
          // The first quote after the text's beginning ends it, unless a backslash precedes it.
          text.indexOf('"', textFrom) === textTo &&
          text.charCodeAt(textTo - 1) !== BACKSLASH
        ) {
          plainEvents++
          plainBytes += textTo - textFrom
          if (said.collects) said.collect(plain.part, text.slice(textFrom, textTo))
          sink.onTokens(atMs, kind, plain.tokens)
          return !said.collects
        }
      }
      const pos = idle ? readByTemplates(text, from, to, atMs) : from
      if (pos < to) readInFull(text, pos, to, atMs)
      return idle && plain !== undefined && !said.collects
    },
    skip(scan) {
      const found = scan(head, tail)
      if (found === undefined) return undefined
      plainEvents += found.timesMs.length
      plainBytes += found.textBytes
      sink.onRepeats(found, kind, plain!.tokens)
      return found
    },
    reset,
    end() {
      const { stray, unfinished } = reader.end()
      settlePlain()
      const end = said.end()
      const whole = format.endIsDone === true && !unfinished
      return { ...end, done: end.done || whole, stray }
    },
  }
}

/**
 * A template with one text between two fixed parts, the second of which begins with the text's closing
 * quote: as which most streams repeat all their chunks. Whatever else the template leaves open (an id, a
 * time stamp) is fixed as in the event at `pos`, which it has just recognised.
 */
function plainOf(
  template: Template,
  text: string,
  pos: number,
  { textFrom, textTo, end }: TemplateMatch,
): Template | undefined {
  const { holes, usage } = template
  const fixable = holes.every((hole) => hole === 'text' || hole === 'string' || hole === 'number')
  if (!fixable || usage !== undefined || text.charAt(textTo) !== '"') return undefined
  const segments = [text.slice(pos, textFrom), text.slice(textTo, end)]
  return { ...template, segments, holes: ['text'] }
}
