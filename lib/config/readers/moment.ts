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
