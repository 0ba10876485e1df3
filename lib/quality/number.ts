import { failed, PASSED } from './grade.ts'
import { numberInWords } from './number-words.ts'
import type { Grader } from './types.ts'

/** A number as a text gives it. */
interface Found {
  value: number
  percent: boolean
}

/** Numbers this close count as equal, relative to the expected one: rounding in binary, no more. */
const CLOSE = 1e-6

/**
 * The number that the answer gives is the expected one. It is what follows the last marker of an answer
 * (`####`, `\boxed{…}`, "answer is", bold type), else the last number of the text. Read are thousands
 * separators, decimal commas, fractions, percent, exponents, "3 million" and numbers in words; units and
 * currencies do not matter. Where only one of the two is in percent, 25 % is 25 and 0.25.
 */
export const number: Grader = ({ text }, { expected }) => {
  const wanted = (expected ?? []).flatMap((one) => lastNumber(one) ?? [])
  if (wanted.length === 0) return undefined
  const given = lastNumber(text)
  if (given === undefined) return failed(text.trim() === '' ? 'empty' : 'no_answer')
  return wanted.some((one) => equal(given, one)) ? PASSED : failed('wrong')
}

function equal(given: Found, wanted: Found): boolean {
  if (close(given.value, wanted.value)) return true
  if (given.percent === wanted.percent) return false
  const [percent, other] = given.percent ? [given, wanted] : [wanted, given]
  return close(percent.value / 100, other.value)
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= CLOSE * Math.max(Math.abs(b), 1e-9)
}

/** What says that the answer follows; the last one counts. */
const STATED =
  /####|\\boxed\s*\{|\b(?:final\s+)?answer\b(?:\s+(?:is|would be|will be|should be|comes to))?\s*:?/gi
/** A number in bold type with no more than a unit; `**1. First step**` is a heading. */
const BOLD =
  /\*\*(?=[$\u00a3\u20ac\u00a5+\s-]*\d(?:[\d.,/]*\d)?\s?%?(?:\s?[a-z\u00b0]+){0,2}\.?\*\*)/gi
/** Longest text behind a marker that is searched: the answer stands right behind it. */
const NEAR = 120
/** Of a longer text this end is read, and of that this end first, for the last number. */
const TAIL = 4000
const END = 200

/** The number that a text gives as its answer; undefined where it has none. */
export function lastNumber(text: string): Found | undefined {
  const plain = unified(text.slice(-TAIL))
  const marked = lastBehind(STATED, plain) ?? lastBehind(BOLD, plain)
  if (marked !== undefined) return marked
  // From a line's beginning, so that no number is cut in two.
  const end = plain.slice(plain.lastIndexOf('\n', plain.length - END) + 1)
  return lastOf(end) ?? lastOf(plain) ?? numberOfWords(plain)
}

function lastOf(text: string): Found | undefined {
  const all = numbersIn(text)
  return all[all.length - 1]
}

function lastBehind(markers: RegExp, text: string): Found | undefined {
  let found: Found | undefined
  for (const marker of text.matchAll(markers)) {
    const from = marker.index + marker[0].length
    const line = text.slice(from, from + NEAR).split('\n', 1)[0] ?? ''
    found = firstOf(line) ?? found
  }
  return found
}

/** A sum at the beginning of a line: `2 + 3 = 5`. */
const SUM = /^(?:[\s\d.,$\u00a3\u20ac\u00a5+\-*x\u00d7\u00f7/()%]*=)+/i

function firstOf(line: string): Found | undefined {
  const [first] = numbersIn(line.replace(SUM, ' '))
  return first ?? numberOfWords(line)
}

function numberOfWords(text: string): Found | undefined {
  const value = numberInWords(text)
  return value === undefined ? undefined : { value, percent: /\bper\s?cent\b/i.test(text) }
}

/** LaTeX and typographic forms as plain ones. */
function unified(text: string): string {
  let plain = text
  if (plain.includes('\\')) {
    plain = plain
      .replace(/\\d?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}/g, ' $1/$2')
      .replace(/\\(?:text|mathrm|mathbf)\s*\{([^{}]*)\}/g, '$1')
      .replace(/\\[,;! ]/g, '')
      .replace(/\\([$%])/g, '$1')
      .replace(/\\times/g, 'x')
  }
  if (NOT_ASCII.test(plain)) {
    plain = plain
      .replace(FRACTIONS, (sign) => ` ${sign.normalize('NFKC')}`)
      .replace(/[\u2212\ufe63\uff0d]/g, '-')
      .replace(/[\u2044\u2215]/g, '/')
      .replace(/\u00d7/g, 'x')
      .replace(/[\uff05\uff10-\uff19]/g, (sign) => sign.normalize('NFKC'))
  }
  return plain.replace(POWER_OF_TEN, 'e$1')
}

const NOT_ASCII = /[\u0080-\uffff]/
const FRACTIONS = /[\u00bc-\u00be\u2150-\u215e]/g
const POWER_OF_TEN = /\s*[x*]\s*10\s*(?:\^|\*\*)\s*\{?([+-]?\d+)\}?/g

/** Digits with what may group them: `1,234.5`, `1 234,5`, `1.234.567`, `1'234`, `.5`. */
const DIGITS = String.raw`(?:\d{1,3}(?:[,.'\u2019 \u00a0\u2009\u202f]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?|[.,]\d+)(?:e[+-]?\d{1,3})?`
const NUMBER = new RegExp(
  String.raw`(^|[^\w.,/])([+-]?)\s?([$\u00a3\u20ac\u00a5\u20b9]?)\s?([+-]?)(${DIGITS})(?:\s?/\s?(\d+)|\s(\d+)/(\d+))?(?![\d/])(\s?%|\s+per\s?cent\b|\s+(?:thousand|million|billion|trillion)\b)?`,
  'gi',
)
const SCALE: Readonly<Record<string, number>> = {
  thousand: 1e3,
  million: 1e6,
  billion: 1e9,
  trillion: 1e12,
}

/** Every number of a text in order, without digits inside words (`CO2`), versions and times (`3:25`). */
function numbersIn(text: string): Found[] {
  const found: Found[] = []
  for (const match of text.matchAll(NUMBER)) {
    const [, , early, , late, digits = '', over, top, bottom, tail = ''] = match
    let value = valueOf(digits)
    if (over !== undefined) value /= Number(over)
    if (top !== undefined) value += Number(top) / Number(bottom)
    if (!Number.isFinite(value) || isTime(text, match)) continue
    const word = tail.trim().toLowerCase()
    value *= SCALE[word] ?? 1
    const negative = early === '-' || late === '-'
    found.push({
      value: negative ? -value : value,
      percent: word === '%' || word.startsWith('per'),
    })
  }
  return found
}

/** Hours or minutes: `3:25`. */
function isTime(text: string, { 0: match, 1: before = '', index }: RegExpExecArray): boolean {
  const end = index + match.length
  const behind = text[end] === ':' && /\d/.test(text[end + 1] ?? '')
  return behind || (before === ':' && /\d/.test(text[index - 1] ?? ''))
}

/** Of a comma and a point the last one is the decimal mark; alone, one before three digits groups them. */
function valueOf(digits: string): number {
  const [mantissa = '', exponent] = digits.toLowerCase().split('e')
  const plain = mantissa.replace(/['\u2019 \u00a0\u2009\u202f]/g, '')
  const comma = plain.lastIndexOf(',')
  const point = plain.lastIndexOf('.')
  const mark = comma >= 0 && point >= 0 ? (comma > point ? ',' : '.') : decimalMark(plain)
  const group = mark === ',' ? '.' : ','
  const number = Number(plain.split(group).join('').replace(mark, '.'))
  return exponent === undefined ? number : number * 10 ** Number(exponent)
}

function decimalMark(plain: string): ',' | '.' {
  if (/^\d{1,3}(?:\.\d{3}){2,}$/.test(plain)) return ','
  return /,/.test(plain) && !/^\d{1,3}(?:,\d{3})+$/.test(plain) ? ',' : '.'
}
