import type { Estimate } from '../../statistics/index.ts'
import type { MeasuredWindow } from '../types.ts'
import { estimatesOf } from './estimates.ts'
import { between, within } from './parts.ts'
import type { Collected } from './series.ts'

/**
 * Estimates of a phase that drifts: it has no one true figure, so intervals of latencies span those of both its halves.
 * @param whole estimates of all of it
 */
export function overHalves(
  found: Collected,
  window: MeasuredWindow,
  phase: number,
  confidence: number,
  whole: Readonly<Record<string, Estimate>>,
): Record<string, Estimate> {
  const halves = (['first', 'second'] as const).map((which) =>
    halfOf(found, window, phase, confidence, which),
  )
  const wide = Object.entries(whole).map(([key, estimate]) => {
    if (!key.startsWith('llm_')) return [key, estimate] as const
    const all = [estimate, ...halves.flatMap((one) => one[key] ?? [])]
    const ends = (side: 'low' | 'high') => all.flatMap((one) => one[side] ?? [])
    const [lows, highs] = [ends('low'), ends('high')]
    const low = lows.length === all.length ? Math.min(...lows) : undefined
    const high = highs.length === all.length ? Math.max(...highs) : undefined
    return [key, { ...estimate, low, high }] as const
  })
  return Object.fromEntries(wide)
}

/** Estimates of the first or the second half of a phase. */
export function halfOf(
  found: Collected,
  window: MeasuredWindow,
  phase: number,
  confidence: number,
  which: 'first' | 'second',
): Record<string, Estimate> {
  const [first, last] = [window.spans[0]?.startMs ?? 0, window.spans.at(-1)?.endMs ?? 0]
  const middle = (first + last) / 2
  const [fromMs, toMs] = which === 'first' ? [-Infinity, middle] : [middle, Infinity]
  return estimatesOf(between(found, fromMs, toMs), within(window, fromMs, toMs), phase, confidence)
}
