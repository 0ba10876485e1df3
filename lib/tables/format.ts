/** `null` is "no value". */
type Figure = number | null

/** Shown where a figure has no value. */
export const NONE = '–'

/** A figure with about three digits: two decimals below 10, one below 100, else none. */
export function num(value: Figure | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE
  const size = Math.abs(value)
  return fixed(value, size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
}

/** An amount of money, which may be far below 1: three digits. */
export function money(value: number): string {
  return value !== 0 && Math.abs(value) < 1 ? String(Number(value.toPrecision(3))) : num(value)
}

/** A count: no decimals unless it has a fraction. */
export function count(value: Figure | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE
  return fixed(value, Number.isInteger(value) ? 0 : 1)
}

/** A share in per cent; a share that is not quite all or nothing never reads as 100 % or 0 %. */
export function percent(share: Figure | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return NONE
  if (share !== 0 && Math.abs(share) < 0.00005) return share < 0 ? '> -0.01 %' : '< 0.01 %'
  if (share < 1 && share > 0.99995) return '> 99.99 %'
  const text = (share * 100).toFixed(2)
  return `${text.replace(/\.?0+$/, '')} %`
}

/** A change with its sign; from 10 % on in whole per cent. */
export function signedPercent(share: Figure): string {
  if (share === null || !Number.isFinite(share)) return NONE
  const text = Math.abs(share) < 0.1 ? percent(share) : `${fixed(share * 100, 0)} %`
  return share > 0 ? `+${text}` : text
}

/** A number that someone set: as short as possible while exact. */
export function plain(value: number): string {
  return fixed(value, Math.min(6, (String(value).split('.')[1] ?? '').length))
}

/** A distance, rounded up to these decimals: what it bounds never reads as narrower. */
export function roundedUp(value: number, digits: number): string {
  const step = 10 ** digits
  return fixed(Math.ceil(value * step - ROUNDING) / step, digits)
}

/** What floating point may add to a number that has no more decimals than are shown. */
const ROUNDING = 1e-6

/** A count and its noun. */
export function many(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`
}

/** `a`, `a and b`, `a, b and c`. */
export function inWords(items: readonly string[]): string {
  const last = items[items.length - 1] ?? ''
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`
}

/**
 * A value next to its limit, with enough digits that the two read differently where they differ: 800.3
 * against 800 is not shown as "800".
 */
export function besides(value: number, limit: number): string {
  if (value === limit) return plain(limit)
  if (num(value) !== num(limit)) return num(value)
  for (let digits = 1; digits <= 6; digits++) {
    const text = fixed(value, digits)
    if (text !== fixed(limit, digits)) return text
  }
  return String(value)
}

/** A length of time in k6's notation: `90s` is `1m30s`. */
export function duration(ms: Figure | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NONE
  if (ms < 1000) return `${Math.round(ms)}ms`
  const tenths = Math.round(ms / 100)
  const hours = Math.floor(tenths / 36_000)
  const minutes = Math.floor((tenths % 36_000) / 600)
  const seconds = (tenths % 600) / 10
  const parts = [hours > 0 ? `${hours}h` : '', minutes > 0 ? `${minutes}m` : '']
  if (seconds > 0 || (hours === 0 && minutes === 0)) parts.push(`${seconds}s`)
  return parts.join('')
}

function fixed(value: number, digits: number): string {
  const [whole, part] = value.toFixed(digits).split('.')
  const grouped = (whole as string).replace(/\B(?=(\d{3})+$)/g, ',')
  const text = part === undefined ? grouped : `${grouped}.${part}`
  return /^-[0.,]+$/.test(text) ? text.slice(1) : text
}
