import type { Outcome } from '../../lib/exchange/index.ts'
import type { FormatName } from '../../simulator/index.ts'
import { TOKENS } from './answer.ts'
import type { Answer } from './answer.ts'
import type { KindName } from './kinds.ts'
import type { Script } from './script.ts'

/** What must be said of a request, whatever socket module reads it. */
export interface Expected {
  outcome: Outcome
  reason: string
  notes: readonly string[]
  /** A note that depends on how the answer was cut into reads. */
  mayNote: readonly string[]
  /** Output tokens of a completed request. */
  tokens: number
  /** It billed more than it streamed. */
  hidden: boolean
  /** Events that are no frame of the format. */
  malformed: number
}

/** One behaviour of a server. */
export interface Row {
  /** `group/behaviour`, without blanks. */
  name: string
  /** Which line of docs/results.md says what we make of it. */
  kind: KindName
  /** Wire formats that can show it. */
  formats: readonly FormatName[]
  play(answer: Answer): Script
  expect(format: FormatName): Expected
}

/** A request that counts. */
export function counts(more: Partial<Expected> = {}): Expected {
  const plain = { notes: [], mayNote: [], tokens: TOKENS, hidden: false, malformed: 0 }
  return { outcome: 'completed', reason: '', ...plain, ...more }
}

/** The same with a note on what was odd. */
export function noted(...notes: string[]): Expected {
  return counts({ notes })
}

/** A request that is in no latency. */
export function fails(outcome: Outcome, reason: string): Expected {
  return { ...counts(), outcome, reason, tokens: 0 }
}

/** One for all formats, but for those named. */
export function but(
  all: Expected,
  others: Partial<Record<FormatName, Expected>>,
): (format: FormatName) => Expected {
  return (format) => others[format] ?? all
}

export const NDJSON = ['ollama-chat', 'ollama-generate'] as const satisfies FormatName[]
export const SSE = [
  ...([
    'chat',
    'completions',
    'responses',
    'anthropic',
    'tgi',
    'triton',
    'sglang',
    'llamacpp',
  ] as const),
] as const satisfies FormatName[]
export const STREAMS: readonly FormatName[] = [...SSE, ...NDJSON]

/** Builds the rows of one group, which share formats. */
export function group(name: string, formats: readonly FormatName[]) {
  return (
    behaviour: string,
    kind: KindName,
    play: Row['play'],
    expect: Expected | Row['expect'],
  ): Row => ({
    name: `${name}/${behaviour}`,
    kind,
    formats,
    play,
    expect: typeof expect === 'function' ? expect : () => expect,
  })
}
