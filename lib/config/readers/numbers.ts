import { refusal, value, type Read } from './outcome.ts'

/** Plain decimal, as people write it: no hex, no `Infinity`, no thousands separators. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** @returns the number; undefined when the text is not one, or overflows */
export function toNumber(text: string): number | undefined {
  if (!decimal.test(text)) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}

export function readNumber(text: string): Read<number> {
  const number = toNumber(text)
  return number === undefined ? refusal('not a number') : value(number)
}

/** Reads a share, `0.95` or `95%`, as 0.95. */
export function readShare(text: string): Read<number> {
  const percent = text.endsWith('%')
  const number = toNumber(percent ? text.slice(0, -1).trim() : text)
  if (number === undefined) return refusal('not a share')
  return value(percent ? number / 100 : number)
}

/** Peak of a load: an absolute value, or a multiple of the base (`5x`). */
export type Peak = { times: number } | { absolute: number }

export function readPeak(text: string): Read<Peak> {
  const relative = /x$/i.test(text)
  const number = toNumber(relative ? text.slice(0, -1).trim() : text)
  if (number === undefined) return refusal('neither a number nor a multiple')
  if (number <= 0) return refusal('must be greater than 0')
  if (!relative) return value({ absolute: number })
  return number < 1 ? refusal('the peak lies below its base') : value({ times: number })
}

const yes = ['on', 'true', 'yes', '1']
const no = ['off', 'false', 'no', '0']

export function readSwitch(text: string): Read<boolean> {
  const word = text.toLowerCase()
  if (yes.includes(word)) return value(true)
  return no.includes(word) ? value(false) : refusal('neither on nor off')
}
