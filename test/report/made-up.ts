import { buildReport } from '../../lib/report/index.ts'
import type { Report, RunInfo } from '../../lib/results/index.ts'
import { runInfo } from './fixtures/cases.ts'

export type Values = Record<string, number>

/** A k6 summary of the metrics given. */
export function summary(metrics: Record<string, Values>, durationMs = 1e6) {
  const typed = Object.fromEntries(
    Object.entries(metrics).map(([name, values]) => {
      const type =
        'rate' in values && 'passes' in values
          ? 'rate'
          : 'p(99)' in values || 'avg' in values
            ? 'trend'
            : 'counter'
      return [name, { type, contains: 'default', values }]
    }),
  )
  return { metrics: typed, state: { testRunDurationMs: durationMs } }
}

/** A trend of which every sample is the same. */
export function trend(value: number, count = 100): Values {
  return {
    count,
    avg: value,
    min: value,
    med: value,
    max: value,
    'p(50)': value,
    'p(90)': value,
    'p(95)': value,
    'p(99)': value,
  }
}

export function rate(passes: number, total: number): Values {
  return { passes, fails: total - passes, rate: total === 0 ? 0 : passes / total }
}

export const LOAD: Record<string, Values> = {
  llm_requests_started: { count: 1000 },
  'llm_requests_started{measured:true}': { count: 1000 },
  'llm_requests{measured:true,outcome:completed}': { count: 1000 },
  'llm_requests{measured:true}': { count: 1000 },
  llm_requests: { count: 1000 },
}

/**
 * The report of a run of 1000 requests with the metrics given, of the plan `steady`.
 * @param thresholds the script's own, by whether they were kept
 */
export function build(
  metrics: Record<string, Values>,
  change: Partial<RunInfo> = {},
  durationMs?: number,
  thresholds: Record<string, boolean> = {},
): Report {
  const { state, metrics: given } = summary({ ...LOAD, ...metrics }, durationMs)
  const own = {
    type: 'counter',
    contains: 'default',
    values: { count: 1 },
    thresholds: Object.fromEntries(Object.entries(thresholds).map(([name, ok]) => [name, { ok }])),
  }
  const all = Object.keys(thresholds).length === 0 ? given : { ...given, my_own: own }
  return buildReport({ summary: { state, metrics: all }, run: runInfo('steady', change) })
}
