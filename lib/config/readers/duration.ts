import { toNumber } from './numbers.ts'
import { refusal, value, type Read } from './outcome.ts'

const unitMs: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
const whole = /^(\d+(\.\d+)?(ms|[dhms]))+$/
const part = /(\d+(?:\.\d+)?)(ms|[dhms])/g

/**
 * Reads a duration as k6 writes it (`1d`, `1h30m`, `90s`, `1.5s`, `500ms`, `0`).
 *
 * A bare number is refused: k6 reads it as milliseconds, while people mean seconds.
 *
 * @returns whole milliseconds, or why the text is no duration
 */
export function readDuration(text: string): Read<number> {
  if (text === '0') return value(0)
  if (toNumber(text) !== undefined) {
    return text.startsWith('-')
      ? refusal('a duration cannot be negative')
      : refusal(`has no unit: ${text}s or ${text}ms?`)
  }
  if (!whole.test(text)) return refusal('not a duration')
  let ms = 0
  for (const [, number, unit] of text.matchAll(part)) ms += Number(number) * (unitMs[unit!] ?? NaN)
  return Number.isFinite(ms) ? value(Math.round(ms)) : refusal('not a duration')
}

/** A latency limit: milliseconds as a bare number, or a duration. */
export function readLatency(text: string): Read<number> {
  const ms = toNumber(text)
  if (ms !== undefined) return value(ms)
  const fraction = /^(\d+(?:\.\d+)?)ms$/.exec(text)
  return fraction ? value(Number(fraction[1])) : readDuration(text)
}

/**
 * Writes milliseconds the way k6 does: `1h30m`, `1m30s`, `500ms`, `0s`.
 *
 * @param ms not negative; rounded to whole milliseconds
 */
export function formatDuration(ms: number): string {
  let rest = Math.round(ms)
  if (rest === 0) return '0s'
  let text = ''
  for (const unit of ['h', 'm', 's', 'ms']) {
    const count = Math.floor(rest / unitMs[unit]!)
    if (count > 0) text += `${count}${unit}`
    rest -= count * unitMs[unit]!
  }
  return text
}
