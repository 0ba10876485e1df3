import { parseSelector, selector, TREND_GRID, windowsOf } from '../../lib/metrics/index.ts'
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

/**
 * The same with figures by slice, as k6 keeps them: each slice that began has its part of what is measured,
 * evenly, and no dependence shows.
 */
function sliced(
  metrics: Record<string, Values>,
  { plan, loadStartMs = 0 }: RunInfo,
  durationMs: number,
): Record<string, Values> {
  const slices = windowsOf(plan.phases).flatMap(({ slice, startMs }) =>
    slice === undefined || startMs >= durationMs - loadStartMs ? [] : [slice],
  )
  const found = { ...metrics }
  for (const [key, values] of Object.entries(metrics)) {
    const { metric, tags } = parseSelector(key)
    if (tags['measured'] !== 'true') continue
    const { measured: _measured, ...others } = tags
    slices.forEach((slice, i) => {
      const part = (n = 0) =>
        Math.floor(((i + 1) * n) / slices.length) - Math.floor((i * n) / slices.length)
      const own = Object.fromEntries(
        ['count', 'passes', 'fails'].flatMap((name) =>
          name in values ? [[name, part(values[name])]] : [],
        ),
      )
      found[selector(metric, { ...others, slice })] ??= { ...onGrid(values), ...own }
    })
  }
  return found
}

/** Every percentile that the summary keeps, each the next larger one of those given. */
export function onGrid(values: Values): Values {
  const known = TREND_GRID.flatMap(({ share, stat }) =>
    values[stat] === undefined ? [] : [{ share, value: values[stat] }],
  )
  const grid = TREND_GRID.flatMap(({ share, stat }) => {
    const next = known.find((one) => one.share >= share)
    return next === undefined ? [] : [[stat, next.value] as const]
  })
  return { ...Object.fromEntries(grid), ...values }
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
  durationMs = 1e6,
  thresholds: Record<string, boolean> = {},
): Report {
  const run = runInfo('steady', change)
  const all = sliced({ ...LOAD, ...metrics }, run, durationMs)
  const { state, metrics: given } = summary(all, durationMs)
  const own = {
    type: 'counter',
    contains: 'default',
    values: { count: 1 },
    thresholds: Object.fromEntries(Object.entries(thresholds).map(([name, ok]) => [name, { ok }])),
  }
  const whole = Object.keys(thresholds).length === 0 ? given : { ...given, my_own: own }
  return buildReport({ summary: { state, metrics: whole }, run })
}
