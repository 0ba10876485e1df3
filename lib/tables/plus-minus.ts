import { NONE, num, percent, roundedUp } from './format.ts'

/** Where the true figure lies; a bound is null where it is not known. */
export interface Within {
  readonly low: number | null
  readonly high: number | null
}

/**
 * A figure with how far from it the true one may lie: `812 ±40`. The farther bound counts, rounded up, so
 * that what is shown is never narrower than the interval; `±–` where a bound is not known.
 * @param within null: nothing is known; undefined: the figure has no interval, as a count has none
 */
export function plusMinus(
  value: number | null | undefined,
  within: Within | null | undefined,
): string {
  const shown = num(value)
  if (value === null || value === undefined || within === undefined) return shown
  const digits = (/\.(\d+)/.exec(shown)?.[1] ?? '').length
  return `${shown} ±${distance(Number(shown.replace(/,/g, '')), within, digits)}`
}

/** The same of a share, both in per cent: `0.3 ±0.4 %`. */
export function plusMinusPercent(
  share: number | null | undefined,
  within: Within | null | undefined,
): string {
  const shown = percent(share)
  if (share === null || share === undefined || within === undefined) return shown
  const [low, high] = [within?.low ?? null, within?.high ?? null]
  if (low === null || high === null) return shown.replace(' %', ` ±${NONE} %`)
  const far = 100 * Math.max(high - share, share - low)
  const points = roundedUp(far, far < 0.0995 ? 2 : 1).replace(/\.?0+$/, '')
  return shown.replace(' %', ` ±${points} %`)
}

/** Both ends of an interval: `772 to 840`, `from 772` where no upper end is known. */
export function fromTo(
  within: Within | null | undefined,
  shown: (end: number) => string = num,
): string {
  const [low, high] = [within?.low ?? null, within?.high ?? null]
  if (low === null && high === null) return NONE
  if (low === null) return `up to ${shown(high as number)}`
  return high === null ? `from ${shown(low)}` : `${shown(low)} to ${shown(high)}`
}

/** From the figure to its farther bound. */
function distance(value: number, within: Within | null, digits: number): string {
  const [low, high] = [within?.low ?? null, within?.high ?? null]
  if (low === null || high === null) return NONE
  return roundedUp(Math.max(high - value, value - low, 0), digits)
}
