import {
  NEVER,
  check,
  config,
  enum as oneOf,
  gte,
  int,
  lte,
  number,
  pipe,
  string,
  transform,
} from 'zod/mini'
import type { ZodMiniType } from 'zod/mini'
import en from 'zod/v4/locales/en.js'
import { readBody } from '../readers/body.ts'
import { readDuration, readLatency } from '../readers/duration.ts'
import { readEndpoint } from '../readers/endpoint.ts'
import { readHeaders } from '../readers/headers.ts'
import { readLeaving } from '../readers/leaving.ts'
import { readLengths } from '../readers/lengths.ts'
import { readLoadZones } from '../readers/load-zones.ts'
import { readEndpoints, readLevels, readNames, readWords } from '../readers/lists.ts'
import { readNumber, readPeak, readShare, readSwitch } from '../readers/numbers.ts'
import { refusal, value, type Read } from '../readers/outcome.ts'
import { readPattern } from '../readers/pattern.ts'
import { readResolve } from '../readers/resolve.ts'
import { createSecret } from '../readers/secret.ts'

// Without a locale zod/mini says "Invalid input" to everything. `jitless` stops it from generating
// code, which gains nothing for values that are read once.
config({ ...en(), jitless: true })

/** How a variable's text becomes a value, and what documentation calls its type. */
export interface Field<T> {
  type: string
  accepted: string
  /**
   * Builds the schema, when a text is to be read and not before: zod's objects cost half a millisecond
   * and 70 KB each in k6's engine, and every VU loads this file although only one reads texts.
   */
  schema: () => ZodMiniType<T, string>
}

export interface Variable {
  type: string
  accepted: string
  schema: () => ZodMiniType<unknown, string>
  group:
    'server' | 'load' | 'requests' | 'deadlines' | 'quality' | 'service level' | 'results' | 'run'
  /** As one would write it after `-e NAME=`; a scenario may override it. */
  default?: string
  unit?: string
  meaning: string
  example: string
  /** Never shown, neither in messages nor in results. */
  secret?: true
}

export function reading<T>(read: (text: string) => Read<T>) {
  return pipe(
    string(),
    transform<string, T>((text, context) => {
      const result = read(text.trim())
      if (result.ok) return result.value
      context.issues.push({ code: 'custom', message: result.message, input: text })
      return NEVER
    }),
  )
}

interface Range {
  min: number
  max: number
}

const between = ({ min, max }: Range, unit = '') => `${min} to ${max}${unit}`

export function numeric(range: Range): Field<number> {
  const schema = () => pipe(reading(readNumber), number().check(gte(range.min), lte(range.max)))
  return { type: 'number', accepted: `a number, ${between(range)}`, schema }
}

export function whole(range: Range): Field<number> {
  const schema = () => pipe(reading(readNumber), int().check(gte(range.min), lte(range.max)))
  return { type: 'whole number', accepted: `a whole number, ${between(range)}`, schema }
}

export function share({ min, max }: Range = { min: 0, max: 1 }): Field<number> {
  const schema = () => pipe(reading(readShare), number().check(gte(min), lte(max)))
  const accepted = `a share, ${between({ min, max })} or ${min * 100}% to ${max * 100}%`
  return { type: 'share', accepted, schema }
}

export function duration({ min, max }: { min: string; max: string }): Field<number> {
  const ms = (text: string) => {
    const read = readDuration(text)
    if (!read.ok) throw new Error(`bound ${text}: ${read.message}`)
    return read.value
  }
  const within = (at: number) =>
    at < ms(min) ? `shorter than ${min}` : at > ms(max) ? `longer than ${max}` : undefined
  const schema = () =>
    reading((text) => {
      const read = readDuration(text)
      const wrong = read.ok ? within(read.value) : undefined
      return wrong === undefined ? read : refusal(wrong)
    })
  const accepted = `a duration with unit (500ms, 30s, 1m30s, 2h), ${min} to ${max}`
  return { type: 'duration', accepted, schema }
}

export function latency(): Field<number> {
  const schema = () => pipe(reading(readLatency), number().check(gte(0.001), lte(3_600_000)))
  return { type: 'latency', accepted: 'milliseconds (800) or a duration (1.5s), up to 1h', schema }
}

export function peak(base: string, { whole }: { whole: boolean }) {
  const schema = () =>
    reading((text) => {
      const read = readPeak(text)
      const broken = read.ok && 'absolute' in read.value && !Number.isInteger(read.value.absolute)
      return whole && broken ? refusal('not a whole number') : read
    })
  return { type: 'peak', accepted: `a number of at least ${base}, or a multiple (4x)`, schema }
}

export function choice<const T extends string>(...words: readonly [T, ...T[]]): Field<T> {
  const lower = () => reading((text) => value(text.toLowerCase()))
  const schema = () => pipe(lower(), oneOf(words) as ZodMiniType<T, string>)
  return { type: 'choice', accepted: words.join(', '), schema }
}

export function someOf<const T extends string>(...words: readonly T[]) {
  const accepted = `one or more of ${words.join(', ')}, separated by commas`
  return { type: 'list', accepted, schema: () => reading((text) => readWords(text, words)) }
}

/** @param of what has the names: `metrics`, `tags` */
export function names(of: string): Field<string[]> {
  const accepted = `names of ${of}, separated by commas`
  return { type: 'list', accepted, schema: () => reading(readNames) }
}

export function flag(): Field<boolean> {
  return { type: 'switch', accepted: 'on or off', schema: () => reading(readSwitch) }
}

export function word(accepted: string): Field<string> {
  const schema = () =>
    pipe(
      reading((text) => value(text)),
      string().check(check(isPrintable)),
    )
  return { type: 'text', accepted, schema }
}

export function pattern(): Field<string> {
  const accepted = 'a regular expression, as JavaScript writes them between slashes'
  return { type: 'pattern', accepted, schema: () => reading(readPattern) }
}

/** A control character would let a value add request lines or break a log line. */
function isPrintable(payload: { value: string; issues: unknown[] }): void {
  // oxlint-disable-next-line no-control-regex
  if (!/[\x00-\x1f\x7f]/.test(payload.value)) return
  const message = 'holds a line break or another control character'
  payload.issues.push({ code: 'custom', message, input: payload.value })
}

export function secret(accepted: string) {
  const schema = () => pipe(word(accepted).schema(), transform(createSecret))
  return { type: 'secret', accepted, schema }
}

export function endpoint() {
  const accepted =
    'http(s)://host[:port][/path], without credentials (API_KEY or HEADERS holds them) and query'
  return { type: 'URL', accepted, schema: () => reading(readEndpoint) }
}

/** Addresses of Prometheus expositions, separated by commas; `off` means none. */
export function metricsUrls(): Field<readonly string[]> {
  const accepted =
    'off, or http(s)://host[:port]/path, without credentials and query; several separated by commas'
  const schema = () =>
    reading<readonly string[]>((text) => {
      if (text.toLowerCase() === 'off') return value([])
      const urls: string[] = []
      for (const part of text.split(',')) {
        const read = readEndpoint(part.trim())
        if (!read.ok) return read
        urls.push(read.value.baseUrl)
      }
      return value(urls)
    })
  return { type: 'URLs', accepted, schema }
}

export function endpoints() {
  const accepted = 'addresses like BASE_URL, separated by commas, each with =weight if not 1'
  return { type: 'URLs', accepted, schema: () => reading(readEndpoints) }
}

export function levels() {
  const accepted = 'rising numbers separated by commas, such as 1,2,4,8'
  return { type: 'levels', accepted, schema: () => reading(readLevels) }
}

/** Changes to the bodies of requests. */
export function body() {
  const accepted = 'a JSON object, without the fields that other variables or the client set'
  return { type: 'JSON object', accepted, schema: () => reading(readBody) }
}

/** When users who leave do. */
export function leaving() {
  const accepted = 'a number of tokens (20 tokens) or a duration (2s)'
  return { type: 'moment of leaving', accepted, schema: () => reading(readLeaving) }
}

export function headers() {
  const accepted = 'a JSON object of strings, or "name: value; name: value"'
  return { type: 'headers', accepted, schema: () => reading(readHeaders) }
}

export function lengths() {
  const accepted =
    '512, uniform(min,max), normal(mean,sd[,min,max]), lognormal(median,sigma[,min,max]) or 100:0.5,400:0.5'
  return { type: 'length', accepted, schema: () => reading(readLengths) }
}

/** Names and the addresses to which they lead. */
export function resolve() {
  const accepted = 'name=IP address, several separated by commas'
  return { type: 'addresses', accepted, schema: () => reading(readResolve) }
}

/** Load zones of k6 Cloud with their shares. */
export function loadZones() {
  const accepted = 'zone=percent, several separated by commas; shares add up to 100'
  return { type: 'load zones', accepted, schema: () => reading(readLoadZones) }
}
