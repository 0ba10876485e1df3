import { selector, TREND_GRID } from '../../metrics/index.ts'
import type { GridSlice, ShareSlice } from '../../statistics/index.ts'
import type { Summary } from '../summary.ts'
import type { Slice } from './played-slices.ts'

type Values = Readonly<Record<string, number>> | undefined

/**
 * What the summary holds of a metric in each slice, with its phase, as what differs between phases is no
 * chance; undefined where it lacks a slice.
 */
export function createReader(summary: Summary, slices: readonly Slice[]) {
  const each = <T>(
    metric: string,
    of: (values: Values, phase: string) => T | undefined,
    tags: Readonly<Record<string, string>> = {},
  ): T[] | undefined => {
    const parts = slices.flatMap(({ slice, phase }) => {
      const part = of(summary.metrics.get(selector(metric, { ...tags, slice }))?.values, phase)
      return part === undefined ? [] : [part]
    })
    return parts.length > 0 && parts.length === slices.length ? parts : undefined
  }
  return {
    trends: (metric: string) => each(metric, trendSlice),
    counts: (metric: string, tags?: Readonly<Record<string, string>>) =>
      each(metric, (values) => values?.['count'], tags),
    shares: (metric: string) => each(metric, shareSlice),
  }
}

export type Reader = ReturnType<typeof createReader>

export const COMPLETED = { outcome: 'completed' }

export function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Whether anything was counted: a metric that this run does not have is 0 in every slice. */
export function some(counts: readonly number[] | undefined): counts is readonly number[] {
  return counts?.some((count) => count > 0) === true
}

/** Undefined where the summary lacks a statistic of a trend that has samples. */
function trendSlice(values: Values, phase: string): GridSlice | undefined {
  const { count, avg = NaN } = values ?? {}
  if (values === undefined || count === undefined) return undefined
  if (count === 0) return { count, sum: 0, quantiles: [], phase }
  const quantiles = TREND_GRID.map(({ stat }) => values[stat] ?? NaN)
  const sum = avg * count
  return [sum, ...quantiles].some(Number.isNaN) ? undefined : { count, sum, quantiles, phase }
}

function shareSlice(values: Values, phase: string): ShareSlice | undefined {
  const { passes, fails } = values ?? {}
  if (passes === undefined || fails === undefined) return undefined
  return { count: passes + fails, hits: passes, phase }
}
