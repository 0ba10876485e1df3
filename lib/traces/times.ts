import type { TimeUnit } from './types.ts'

const UNIT_MS: Record<TimeUnit, number> = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 }

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d(?:[.,]\d{1,9})?)(Z| UTC|[+-]\d\d(?::?\d\d)?)?$/

/**
 * Unit of a plain number when nothing else tells: seconds below 1e11 (year 5138), milliseconds
 * below 1e14, microseconds below 1e17, else nanoseconds. So times since 1970 are told by their
 * size, and small ones (times since a start) are seconds.
 */
export function guessUnit(value: number): TimeUnit {
  return value < LIMITS.s ? 's' : value < LIMITS.ms ? 'ms' : value < LIMITS.us ? 'us' : 'ns'
}

const LIMITS: Record<TimeUnit, number> = { s: 1e11, ms: 1e14, us: 1e17, ns: Infinity }

/** Below this a number is a time since a start, not since 1970 (as seconds: March 1973). */
const EPOCH = 1e8
/** A spreadsheet's `1.70E+12`: the digits that told requests apart are gone. */
const ROUNDED = /^\d(?:[.,](\d+))?E\+(\d+)$/i

/**
 * Reader of the timestamps of one trace: `YYYY-MM-DD hh:mm:ss[.f…]` (`T` or a space; `Z`, ` UTC` or
 * an offset, none = UTC) or a number. The first one read settles which, and the unit of numbers;
 * the others must be alike: a number of a size that only another unit has makes the trace `mixed`.
 * Milliseconds, undefined for what is not a timestamp.
 * @param unit as a person gave it, which is not doubted
 * @param likely as the name of the column or the format has it
 * @param delimiter of a CSV file: where it is no comma, numbers may have a decimal comma
 */
export function timeReader(unit?: TimeUnit, likely?: TimeUnit, delimiter = ',') {
  const commas = decimalCommas(delimiter)
  let kind: 'date' | 'number' | undefined
  let settled = unit ?? likely
  let factor = settled === undefined ? 0 : UNIT_MS[settled]
  /** Numbers from here on can only be of a finer unit. */
  let limit = unit === undefined && likely !== undefined ? LIMITS[likely] : Infinity
  let floor = 0
  let whole = true
  /** Whether a fraction had a point. */
  let pointed = false
  let mixed: string | undefined
  // A trace has thousands of rows a minute: the date up to the minute is read once.
  let minute = ''
  let minuteMs = 0
  let zone = ''

  const settle = (first: number) => {
    settled = guessUnit(first)
    factor = UNIT_MS[settled]
    limit = LIMITS[settled]
    // Since 1970: what is far smaller is of another unit, or since a start.
    if (first >= EPOCH) floor = settled === 's' ? EPOCH : first / 10
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
    const seconds = Number((found[6] as string).replace(',', '.'))
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
      if (typeof value === 'string') {
        if (kind === 'date') {
          // Nearly every date is in the minute, and of the zone, of the last one.
          if (value.startsWith(minute) && (zone === '' || value.endsWith(zone))) {
            const seconds = value.slice(17, value.length - zone.length)
            const number = +seconds
            if (number >= 0 && number < 61 && (seconds.length === 2 || seconds[2] === '.'))
              return minuteMs + number * 1000
          }
          return date(value)
        }
        // Nearly every number: like the ones before, so that nothing else need be asked.
        const number = kind === 'number' ? +value : 0
        if (number > floor && number < limit && (number < 1e9 || value.length > 11)) {
          if (number % 1 !== 0) {
            whole = false
            pointed = true
          }
          return number * factor
        }
      }
      const text = typeof value === 'number' ? String(value) : value
      if (typeof text !== 'string') return undefined
      if (kind === undefined && text.length >= 19 && text[4] === '-') {
        const ms = date(text)
        if (ms !== undefined) kind = 'date'
        return ms
      }
      if (kind === 'date' || text.trim() === '') return undefined
      const number = Number(commas.read(text))
      if (text.includes('.')) pointed = true
      if (!Number.isFinite(number) || number < 0) return undefined
      // Fewer characters than the number has digits: an exponent.
      if (number >= 1e9 && text.length < 12 && isRounded(text)) return undefined
      if (factor === 0) settle(number)
      if (number >= limit || number < floor) {
        mixed = `${text} is no time in ${settled}, as the unit of the rows before or of the column is`
        return undefined
      }
      if (whole && number % 1 !== 0) whole = false
      kind = 'number'
      return number * factor
    },
    /** True once dates were read: the times are then ms since 1970. */
    dated: () => kind === 'date',
    /** Whether numbers had a decimal comma. */
    decimalComma: () => commas.used(),
    /** Why numbers with a comma cannot be told, once all are read. */
    unclearCommas: () => commas.problem(pointed),
    /** Set once a number can only be of another unit than the others. */
    mixed: () => mixed,
    /** Unit of the numbers that were read. */
    unit: () => (kind === 'number' ? settled : undefined),
    /** Whether they count from a start, not from 1970. */
    sinceStart: () => kind === 'number' && floor === 0,
    /** Whether all numbers were whole. */
    whole: () => whole,
    accepted: () =>
      mixed !== undefined
        ? 'one unit for all rows, since a start or since 1970; TRACE_UNIT (--time-unit) gives it'
        : kind === 'date'
          ? 'YYYY-MM-DD hh:mm:ss[.fraction], as in the rows before'
          : kind === 'number'
            ? 'a number of 0 or more, as in the rows before'
            : 'YYYY-MM-DD hh:mm:ss[.fraction][Z or +hh:mm], or a number of 0 or more',
  }
}

/**
 * A spreadsheet's decimal comma: in a file whose fields are parted by semicolons or tabs, one comma
 * between digits is the decimal mark. `1,234` may as well be a thousand: a column needs a number that
 * can only be a decimal, and none with a point.
 */
function decimalCommas(delimiter: string) {
  let used = false
  let told = false
  return {
    /** A number's text with a point for its comma. */
    read(text: string): string {
      if (delimiter === ',' || !/^\s*\d+,\d+\s*$/.test(text)) return text
      used = true
      if (!/^\s*[1-9]\d{0,2},\d{3}\s*$/.test(text)) told = true
      return text.replace(',', '.')
    },
    used: () => used,
    problem(pointed: boolean): string | undefined {
      if (!used || (told && !pointed)) return undefined
      return pointed
        ? 'some times have a decimal point, others a comma: write them alike'
        : 'times such as 1,234 may be decimals or thousands: write them with a point, or without separators'
    },
  }
}

function isRounded(text: string): boolean {
  const found = ROUNDED.exec(text.trim())
  return found !== null && (found[1] ?? '').length < Number(found[2])
}

function offsetMs(zone: string): number {
  if (zone === '' || zone === 'Z' || zone === ' UTC') return 0
  const sign = zone[0] === '-' ? -1 : 1
  const digits = zone.slice(1).replace(':', '')
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60000
}
