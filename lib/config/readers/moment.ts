import { readDuration } from './duration.ts'
import { refusal, value, type Read } from './outcome.ts'

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i

/**
 * Reads a date and time with its zone (ISO 8601). Without a zone each machine would use its own.
 *
 * @returns ms since 1970, or why the text is no such moment
 */
export function readMoment(text: string): Read<number> {
  if (!ISO.test(text)) {
    return ISO.test(`${text}Z`) ? refusal(`has no zone: ${text}Z?`) : refusal('no date and time')
  }
  const ms = Date.parse(text.replace(' ', 'T').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(ms) ? refusal('there is no such date') : value(ms)
}

/** When a load begins: at a moment, ms since 1970; or at the next full multiple of a duration of the clock. */
export type StartAt = { atMs: number } | { everyMs: number }

const MOST_MS = 3_600_000

/** Reads START_AT: a moment, or `next:30s` for the next full half minute. */
export function readStart(text: string): Read<StartAt> {
  const [, every] = /^next:(.*)$/.exec(text) ?? []
  if (every === undefined) {
    const read = readMoment(text)
    return read.ok ? value({ atMs: read.value }) : read
  }
  const read = readDuration(every)
  if (!read.ok) return read
  const ms = read.value
  return ms >= 1000 && ms <= MOST_MS ? value({ everyMs: ms }) : refusal('is not from 1s to 1h')
}
