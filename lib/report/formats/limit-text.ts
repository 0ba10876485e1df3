import { besides, count, duration, fromTo, NONE, num, percent } from '../../tables/index.ts'
import type { More, SloVerdict } from '../../results/index.ts'

/** A limit's figure with its unit: `812 ms`. */
export function sloValue({ value, limit, unit }: SloVerdict): string {
  if (value === null) return NONE
  if (unit === 'share') return percent(value)
  return unit === 'ms' ? `${besides(value, limit)} ms` : count(value)
}

/** The ends of its interval: `772 to 840`; empty for a count, which has none. */
export function sloInterval({ value, limit, unit, interval, verdict }: SloVerdict): string {
  if (interval === undefined) return ''
  // An interval tells of chance alone: where more is in doubt, it would look too certain.
  if (value === null || verdict === 'unclear') return NONE
  if (unit === 'share') return fromTo(interval, percent)
  return fromTo(interval, (end) => (end === limit ? num(end) : besides(end, limit)))
}

/** Both: `812 ms (772 to 840)`. */
export function sloFigure(v: SloVerdict): string {
  const within = sloInterval(v)
  return within === '' || within === NONE ? sloValue(v) : `${sloValue(v)} (${within})`
}

/** Beyond so many times the run that was, a length says nothing but that the value is at its limit. */
const MOST_TIMES = 100

/** What would decide a limit: `about 6m more`. */
export function moreText(more: More | null | undefined, lengthMs: number): string {
  if (!more || more.ms === null) return 'a longer run, or repeats,'
  if (more.ms > MOST_TIMES * lengthMs) return `over ${MOST_TIMES} times as long`
  return `about ${duration(roundedUp(more.ms))} more`
}

/** It is an estimate: to whole seconds, from a minute on to 10 s, from ten minutes on to a minute. */
function roundedUp(ms: number): number {
  const unit = ms < 60_000 ? 1000 : ms < 600_000 ? 10_000 : 60_000
  return Math.ceil(ms / unit) * unit
}
