import type { TimeUnit } from './types.ts'

const UNIT_MS: Record<TimeUnit, number> = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 }

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d(?:\.\d{1,9})?)(Z| UTC|[+-]\d\d:?\d\d)?$/

/**
 * Unit of a plain number when nothing else tells: seconds below 1e11 (year 5138), milliseconds
 * below 1e14, microseconds below 1e17, else nanoseconds. So times since 1970 are told by their
 * size, and small ones (times since a start) are seconds.
 */
export function guessUnit(value: number): TimeUnit {
  return value < 1e11 ? 's' : value < 1e14 ? 'ms' : value < 1e17 ? 'us' : 'ns'
}

/**
 * Reader of the timestamps of one trace: `YYYY-MM-DD hh:mm:ss[.f…]` (`T` or a space; `Z`, ` UTC` or
 * an offset, none = UTC) or a number. The first one read settles which, and the unit of numbers;
 * the others must be alike. Milliseconds, undefined for what is not a timestamp.
 */
export function timeReader(unit?: TimeUnit) {
  let kind: 'date' | 'number' | undefined
  let factor = unit === undefined ? 0 : UNIT_MS[unit]
  // A trace has thousands of rows a minute: the date up to the minute is read once.
  let minute = ''
  let minuteMs = 0
  let zone = ''

  /** Milliseconds of a text that is in the minute, and of the zone, of the last one; else undefined. */
  const sameMinute = (text: string): number | undefined => {
    if (!text.startsWith(minute) || !text.endsWith(zone)) return undefined
    const seconds = zone === '' ? text.slice(17) : text.slice(17, text.length - zone.length)
    if (seconds.length !== 2 && seconds.charCodeAt(2) !== 46) return undefined
    const value = Number(seconds)
    return value >= 0 && value < 61 ? minuteMs + value * 1000 : undefined
  }
  const date = (text: string): number | undefined => {
    const found = DATE_TIME.exec(text)
    if (found === null) return undefined
    const [year, month, day, hour, min] = [1, 2, 3, 4, 5].map((i) => Number(found[i])) as [
      number,
      number,
      number,
      number,
      number,
    ]
    const atMinute = Date.UTC(year, month - 1, day, hour, min)
    const back = new Date(atMinute)
    const seconds = Number(found[6])
    // Date.UTC carries the 31st of April over to May.
    if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return undefined
    if (hour > 23 || min > 59 || seconds >= 61) return undefined
    zone = found[7] ?? ''
    minute = text.slice(0, 17)
    minuteMs = atMinute - offsetMs(zone)
    return minuteMs + seconds * 1000
  }

  return {
    /** @param value text of a CSV field, or a number or string of a JSON one */
    read(value: unknown): number | undefined {
      if (kind === 'date' && typeof value === 'string') return sameMinute(value) ?? date(value)
      const text = typeof value === 'number' ? String(value) : value
      if (typeof text !== 'string') return undefined
      if (kind === undefined && text.length >= 19 && text[4] === '-') {
        const ms = date(text)
        if (ms !== undefined) kind = 'date'
        return ms
      }
      if (kind === 'date' || text.trim() === '') return undefined
      const number = Number(text)
      if (!Number.isFinite(number) || number < 0) return undefined
      if (factor === 0) factor = UNIT_MS[guessUnit(number)]
      kind = 'number'
      return number * factor
    },
    /** True once dates were read: the times are then ms since 1970. */
    dated: () => kind === 'date',
    accepted: () =>
      kind === 'date'
        ? 'YYYY-MM-DD hh:mm:ss[.fraction], as in the rows before'
        : kind === 'number'
          ? 'a number of 0 or more, as in the rows before'
          : 'YYYY-MM-DD hh:mm:ss[.fraction][Z or +hh:mm], or a number of 0 or more',
  }
}

function offsetMs(zone: string): number {
  if (zone === '' || zone === 'Z' || zone === ' UTC') return 0
  const sign = zone[0] === '-' ? -1 : 1
  const digits = zone.slice(1).replace(':', '')
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60000
}
