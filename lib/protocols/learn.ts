import type { Effects } from './effects.ts'
import type { Hole, Template } from './template.ts'

/** One event on the wire: `before + raw + after`, with `raw` its JSON. All byte strings. */
export interface WireEvent {
  before: string
  raw: string
  after: string
}

interface Literal {
  keyFrom: number
  from: number
  to: number
  hole: Hole
}

const textProbe = 'k6-inference probe'
const numberProbe = 424_242
const colon = /^[ \t\n]*:[ \t\n]*/
const numbers = /^[\d, ]*(?=\])/
const number = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[,\]} \n])/
const BACKSLASH = 92

/**
 * Members that servers change from event to event and that no reader looks at, except for the count of
 * output tokens: time stamps, sequence numbers, padding, running totals.
 */
const volatileKeys = [
  'completion_tokens',
  'total_tokens',
  'tokens_predicted',
  'tokens_evaluated',
  'sequence_number',
  'obfuscation',
  'created',
  'created_at',
  'item_id',
  'logprob',
  'id',
  'index',
  'tokens',
  'token_ids',
]

/**
 * Finds the literal that holds an event's generated text and proves it by experiment: with another text
 * in its place, the event must read the same except for that text. JSON is read from left to right, and
 * the reader is in the same state after a string literal whatever its body. So every event
 * `prefix + body + suffix` means the same except for its text. Numbers and strings of the volatile
 * members are proven in the same way to have no effect, or to be the count.
 *
 * @param textKeys names of the members that may hold generated text
 * @param earlier an earlier event of the stream: volatile members that differ from it become holes,
 *   at the cost of one parse each
 * @param readRaw parses and reads an event in full; undefined when it is not a JSON object
 */
export function learnTemplate(
  event: WireEvent,
  textKeys: readonly string[],
  earlier: string | undefined,
  readRaw: (raw: string) => Effects | undefined,
): Template | undefined {
  const { raw } = event
  for (const key of textKeys) {
    for (const literal of literalsOf(raw, key)) {
      if (literal.hole !== 'string') continue
      const probed = replace(raw, literal, textProbe)
      const effects = readRaw(probed)
      const part = effects === undefined ? undefined : plainPart(effects)
      if (effects === undefined || part === undefined) continue
      const text: Literal = { ...literal, hole: 'text' }
      const others =
        earlier === undefined ? [] : volatileLiterals(raw, earlier, text, effects, readRaw)
      const counted = others.some((other) => other.hole === 'count')
      // A count that no template can follow needs the full parse of each event.
      if (effects.cumulative !== undefined && !counted) return undefined
      return cut(event, [text, ...others], part, effects)
    }
  }
  return undefined
}

/** The part that the probed text belongs to; undefined when the event says anything else. */
function plainPart(effects: Effects): Template['part'] | undefined {
  const { error, done, unknown, finishReason, usage, cumulative } = effects
  if (error !== undefined || done || unknown || finishReason !== undefined) return undefined
  if (usage !== undefined && cumulative === undefined) return undefined
  const texts = { answer: effects.answer, reasoning: effects.reasoning, tool: effects.tool }
  const full = (Object.keys(texts) as (keyof typeof texts)[]).filter((part) => texts[part] !== '')
  return full.length === 1 && texts[full[0]!] === textProbe ? full[0] : undefined
}

/** An event without text: only the very same bytes match it, as a running count would differ. */
export function blankTemplate({ before, raw, after }: WireEvent): Template {
  const segments = [before + raw + after]
  return { segments, holes: [], part: 'blank', summary: false, tokens: undefined, usage: undefined }
}

function volatileLiterals(
  raw: string,
  earlier: string,
  text: Literal,
  base: Effects,
  readRaw: (raw: string) => Effects | undefined,
): Literal[] {
  const same = JSON.stringify(base)
  const counting = JSON.stringify({
    ...base,
    cumulative: numberProbe,
    usage: { ...base.usage, output: numberProbe },
  })
  const found: Literal[] = []
  for (const key of volatileKeys) {
    for (const literal of literalsOf(raw, key)) {
      if (literal.from < text.to && text.from < literal.to) continue
      if (earlier.includes(raw.slice(literal.keyFrom, literal.to + 1))) continue
      const probe = literal.hole === 'string' ? textProbe : String(numberProbe)
      // From the end, so that the first replacement does not move the second.
      const [late, early] = literal.from > text.from ? [literal, text] : [text, literal]
      const put = (at: Literal) => (at === text ? textProbe : probe)
      const seen = readRaw(replace(replace(raw, late, put(late)), early, put(early)))
      const read = seen === undefined ? undefined : JSON.stringify(seen)
      if (read === same) found.push(literal)
      else if (read === counting && base.cumulative !== undefined) {
        found.push({ ...literal, hole: 'count' })
      }
    }
  }
  return found
}

function cut(
  { before, raw, after }: WireEvent,
  literals: Literal[],
  part: Template['part'],
  effects: Effects,
): Template {
  const sorted = [...literals].sort((a, b) => a.from - b.from)
  const segments = [before + raw.slice(0, sorted[0]!.from)]
  sorted.forEach((literal, i) => segments.push(raw.slice(literal.to, sorted[i + 1]?.from)))
  segments[segments.length - 1] += after
  return {
    segments,
    holes: sorted.map((literal) => literal.hole),
    part,
    summary: effects.summary,
    tokens: effects.tokens,
    usage: effects.usage,
  }
}

function replace(raw: string, { from, to }: Literal, value: string): string {
  return raw.slice(0, from) + value + raw.slice(to)
}

/** Where a member of this name has a string (its body), a number or a list of numbers. */
function literalsOf(raw: string, key: string): Literal[] {
  const found: Literal[] = []
  const name = `"${key}"`
  for (let at = raw.indexOf(name); at >= 0; at = raw.indexOf(name, at + 1)) {
    const after = at + name.length
    const open = colon.exec(raw.slice(after, after + 8))
    if (open === null) continue
    const from = after + open[0].length
    if (raw.charAt(from) === '"') {
      const to = closingQuote(raw, from + 1)
      if (to > 0) found.push({ keyFrom: at, from: from + 1, to, hole: 'string' })
    } else if (raw.charAt(from) === '[') {
      const list = numbers.exec(raw.slice(from + 1, from + 200))
      if (list === null) continue
      found.push({ keyFrom: at, from: from + 1, to: from + 1 + list[0].length, hole: 'numbers' })
    } else {
      const digits = number.exec(raw.slice(from, from + 30))
      if (digits !== null) {
        found.push({ keyFrom: at, from, to: from + digits[0].length, hole: 'number' })
      }
    }
  }
  return found
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
