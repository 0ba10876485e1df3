import { hashText, mix32 } from './random.ts'

/** What `=value` means for a fault, and its default; `at` = it takes `@token` (when it strikes). */
interface FaultKind {
  value?: { default: number; meaning: string }
  at?: boolean
  help: string
}

const ms = (value: number): NonNullable<FaultKind['value']> => ({ default: value, meaning: 'ms' })
const n = (value: number, meaning: string): NonNullable<FaultKind['value']> => ({
  default: value,
  meaning,
})

/** Every fault that the simulator knows. */
export const faultKinds = {
  reset: { at: true, help: 'TCP reset in the middle of the stream' },
  cut: { at: true, help: 'connection closed in the middle, without the end of the body' },
  truncate: { at: true, help: 'the body ends cleanly, without finish frame and [DONE]' },
  'error-event': { at: true, help: 'an error object inside the 200 stream, then [DONE]' },
  'bad-json': { at: true, help: 'an event that is no JSON, then the stream goes on' },
  'bad-chunk': { at: true, help: 'an invalid chunk size in the middle of the body' },
  stall: {
    at: true,
    value: ms(500),
    help: 'silence for so long, then all that was due (0 = for ever)',
  },
  '429': { value: n(1, 'Retry-After in s'), help: 'rate limited' },
  '500': { help: 'internal server error' },
  '503': { value: n(0, 'Retry-After in s, 0 = none'), help: 'overloaded' },
  'slow-headers': { value: ms(500), help: 'not a byte before this time' },
  'early-headers': { value: ms(1000), help: 'headers and role at once, no token before this time' },
  burst: { value: n(8, 'tokens an event'), help: 'many tokens in one event' },
  coalesce: { value: n(8, 'events a write'), help: 'many events in one HTTP chunk' },
  dribble: {
    value: n(0, 'ms between bytes'),
    help: 'one byte a write; without a pause the reader still gets many at once',
  },
  unicode: { help: 'non-ASCII text' },
  'split-utf8': { help: 'non-ASCII text, chunks cut inside its characters' },
  crlf: { help: 'lines end with CR LF' },
  cr: { help: 'lines end with CR' },
  'no-space': { help: '`data:` without a space after it' },
  comments: { help: 'comment lines, event, id and retry fields, blank lines between events' },
  ping: { value: ms(50), help: 'a comment every so often while the stream is open' },
  empty: { help: 'role, finish and [DONE], but no token' },
  'not-streaming': { help: 'a JSON body although a stream was asked for' },
  buffered: { help: 'a proxy that holds everything back to the end' },
  'no-usage': { help: 'no usage, asked for or not' },
  'no-done': { help: 'everything but the [DONE] line' },
  'hidden-reasoning': {
    value: n(3, 'times'),
    help: 'bills so many times the tokens that it streams',
  },
  'long-length': { help: 'Content-Length larger than the body, then closed' },
  'short-length': { help: 'Content-Length smaller than the body' },
  garbage: { help: 'an answer that is no HTTP' },
  html: { help: 'a web page with status 200' },
  'no-answer': { help: 'the request is read, nothing is ever sent' },
  refuse: { value: ms(1000), help: 'all connections dropped and new ones refused for so long' },
} as const satisfies Record<string, FaultKind>

export type FaultName = keyof typeof faultKinds

export interface Fault {
  value: number
  /** Strikes before this token (0 = before the first); undefined: in the middle. */
  at: number | undefined
}

export type FaultSet = Partial<Record<FaultName, Fault>>

/**
 * Reads `name[=value][@token]`, several joined with commas: `stall=500@3,crlf`.
 * `none` (alone) is no fault, to switch off what the server would do by itself.
 *
 * @throws RangeError that names the part and what is accepted
 */
export const parseFaults = (text: string): FaultSet => {
  const faults: FaultSet = {}
  for (const part of text.split(',').map((p) => p.trim())) {
    if (part === '' || part === 'none') continue
    const match = /^([a-z0-9-]+)(?:=([a-z0-9.]+))?(?:@(\d+))?$/.exec(part)
    const name = match?.[1]
    if (match === null || name === undefined || !(name in faultKinds))
      throw new RangeError(
        `unknown fault "${part}"; accepted: ${Object.keys(faultKinds).join(', ')}, each as name[=value][@token]`,
      )
    const kind: FaultKind = faultKinds[name as FaultName]
    const value = match[2] === 'forever' ? 0 : Number(match[2] ?? kind.value?.default ?? 0)
    if (!Number.isFinite(value) || value < 0 || (match[2] !== undefined && !kind.value))
      throw new RangeError(
        `fault "${part}": ${kind.value ? `a number (${kind.value.meaning}) is accepted after "="` : 'it takes no value'}`,
      )
    if (match[3] !== undefined && !kind.at)
      throw new RangeError(`fault "${part}": it takes no "@token"`)
    faults[name as FaultName] = { value, at: match[3] === undefined ? undefined : Number(match[3]) }
  }
  return faults
}

/** A fault that the server shows by itself, to this share of the requests (0-1). */
export interface FaultRule {
  fault: string
  probability: number
  /** Number of the first request it may strike, from 0: 1 leaves a client's preflight alone. */
  from?: number
}

/** Decides by seed and number of the request, so that a run can be repeated. */
export const drawFaults = (
  rules: readonly FaultRule[],
  seed: number,
  sequence: number,
): FaultSet => {
  let faults: FaultSet = {}
  for (const [i, rule] of rules.entries()) {
    if (sequence < (rule.from ?? 0)) continue
    const draw = mix32(mix32(seed, sequence), hashText(rule.fault) + i) / 2 ** 32
    if (draw < rule.probability) faults = { ...faults, ...parseFaults(rule.fault) }
  }
  return faults
}
