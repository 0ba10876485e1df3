import { noEffects } from './effects.ts'
import type { Effects } from './effects.ts'

/** A frame as its stream repeats it: all but the body of one JSON string literal is fixed. */
export interface Template {
  event: string
  /** Up to and with the literal's opening quote. */
  prefix: string
  /** From the literal's closing quote on. */
  suffix: string
  kind: 'answer' | 'reasoning'
  part: 'answer' | 'reasoning' | 'tool'
}

const sentinel = 'k6-inference probe'
const opening = /^[ \t\n]*:[ \t\n]*"/
const BACKSLASH = 92

/**
 * Finds the literal that holds a frame's generated text and proves it by experiment: with the
 * literal's body replaced, the frame must read as the same plain token frame with just the new text.
 * JSON is read from left to right and a string literal of any body leaves the reader where another
 * does, so each frame `prefix + body + suffix` then means the same as this one but for the text.
 *
 * @param raw the frame, a byte string
 * @param keys names of the members that may hold generated text
 * @param readRaw parses and reads a frame in full; undefined when it is no JSON object
 */
export function learnTemplate(
  raw: string,
  event: string,
  keys: readonly string[],
  readRaw: (raw: string) => Effects | undefined,
): Template | undefined {
  for (const key of keys) {
    const name = `"${key}"`
    for (let at = raw.indexOf(name); at >= 0; at = raw.indexOf(name, at + 1)) {
      const after = at + name.length
      const open = opening.exec(raw.slice(after, after + 8))
      if (open === null) continue
      const start = after + open[0].length
      const close = closingQuote(raw, start)
      if (close < 0) continue
      const part = plainPart(readRaw(raw.slice(0, start) + sentinel + raw.slice(close)))
      if (part === undefined) continue
      const kind = part === 'reasoning' ? 'reasoning' : 'answer'
      return { event, prefix: raw.slice(0, start), suffix: raw.slice(close), kind, part }
    }
  }
  return undefined
}

/**
 * Whether the event `text.slice(from, to)` is this template with a body that is not empty and holds
 * no quote that could end it early. An unusual body (backslashes before a quote) is left to the full
 * parse. A body that no JSON writer writes (raw control characters, unknown escapes) passes.
 *
 * @returns length of the body in bytes, 0 when the template does not fit
 */
export function matchTemplate(template: Template, text: string, from: number, to: number): number {
  const { prefix, suffix } = template
  const start = from + prefix.length
  const close = to - suffix.length
  if (close <= start) return 0
  // slice and === are native and 2 times faster than startsWith in k6's engine.
  if (text.slice(from, start) !== prefix || text.slice(close, to) !== suffix) return 0
  let quote = text.indexOf('"', start)
  while (quote > start && quote < close && text.charCodeAt(quote - 1) === BACKSLASH) {
    if (text.charCodeAt(quote - 2) === BACKSLASH) return 0
    quote = text.indexOf('"', quote + 1)
  }
  return quote === close && text.charCodeAt(close - 1) !== BACKSLASH ? close - start : 0
}

/** The one text that the probed frame brought, or undefined when it says anything else. */
function plainPart(effects: Effects | undefined): Template['part'] | undefined {
  if (effects === undefined) return undefined
  for (const part of ['answer', 'reasoning', 'tool'] as const) {
    if (effects[part] !== sentinel) continue
    const plain: Effects = { ...noEffects(), [part]: sentinel }
    const same = (Object.keys(plain) as (keyof Effects)[]).every(
      (key) => effects[key] === plain[key],
    )
    return same ? part : undefined
  }
  return undefined
}

function closingQuote(raw: string, start: number): number {
  let at = raw.indexOf('"', start)
  while (at >= 0) {
    let before = at - 1
    while (before >= start && raw.charCodeAt(before) === BACKSLASH) before--
    if ((at - before) % 2 === 1) return at
    at = raw.indexOf('"', at + 1)
  }
  return -1
}
