import type { SteadyBlock, SteadyReport, TrendStats } from '../../results/index.ts'
import { intervalsOf } from '../../report/index.ts'
import { FEWEST_FOR_STEADY, percentile, steadyFrom } from '../../statistics/index.ts'
import type { Estimate } from '../../statistics/index.ts'
import type { MeasuredWindow } from '../types.ts'
import { estimatesOf } from './estimates.ts'
import { between, within } from './parts.ts'
import type { Collected, Series } from './series.ts'

/** Latencies in which a start-up is looked for; the first that the run has. */
const SUBJECTS = [
  ['TTFT', 'llm_ttft'],
  ['E2E', 'llm_e2e'],
] as const

/**
 * Which part of a phase of constant load is steady, and its figures where that is not all of it.
 * @param window of the phase
 * @param phase its number
 * @param confidence of the intervals, 0-1, two-sided
 */
export function steadyReport(
  found: Collected,
  window: MeasuredWindow,
  phase: number,
  confidence: number,
): SteadyReport | undefined {
  const [span] = window.spans
  const [subject, metric] = SUBJECTS.find(([, name]) => lengthOf(found, name, phase) > 0) ?? []
  if (span === undefined || subject === undefined) return undefined
  const { atMs, values } = inOrder(found.latencies.get(metric) as Series, phase)
  const n = values.length
  const none = { phase: span.phase, subject, fromMs: null, cut: 0, early: null, late: null }
  if (n < FEWEST_FOR_STEADY) return { ...none, status: 'no_value', block: null }
  const steady = steadyFrom(atMs, values)
  const median = (from: number, to: number) =>
    percentile([...values.subarray(from, to)], 0.5) ?? null
  if (steady === undefined) {
    const third = Math.floor(n / 3)
    const [early, late] = [median(0, third), median(n - third, n)]
    return { ...none, status: 'drifts', early, late, block: null }
  }
  const { cut, fromMs } = steady
  if (cut === 0) return { ...none, status: 'steady', fromMs: span.startMs, block: null }
  const about = { ...none, fromMs, cut, early: median(0, cut), late: median(cut, n) }
  return {
    ...about,
    status: 'after_start',
    block: blockOf(found, window, phase, fromMs, confidence),
  }
}

/** The figures of a phase from a time on, with their intervals. */
function blockOf(
  found: Collected,
  window: MeasuredWindow,
  phase: number,
  fromMs: number,
  confidence: number,
): SteadyBlock {
  const part = between(found, fromMs, Infinity)
  const own = within(window, fromMs, Infinity)
  const estimates = estimatesOf(part, own, phase, confidence)
  const value = (key: string) => estimates[key]?.value ?? null
  const tpot = value('llm_tpot.p50')
  const metrics = [...part.latencies].flatMap(([name, series]) => {
    const { values } = series.of(phase)
    return values.length === 0 ? [] : [[name, statsOf(name, values, estimates)] as const]
  })
  return {
    name: `${window.spans[0]?.phase ?? ''} from ${Math.round(fromMs / 1000)}s`,
    lengthMs: own.lengthMs,
    completedPerS: value('completedPerS'),
    outputTokensPerS: value('outputTokensPerS'),
    tokensPerSPerUser: tpot === null || tpot <= 0 ? null : 1000 / tpot,
    goodPerS: value('goodShare') === null ? null : value('goodPerS'),
    goodShare: value('goodShare'),
    errorRate: value('errorRate'),
    metrics: Object.fromEntries(metrics),
    intervals: intervalsOf(estimates),
  }
}

function statsOf(
  name: string,
  values: Float64Array,
  estimates: Readonly<Record<string, Estimate>>,
): TrendStats {
  const value = (stat: string) => estimates[`${name}.${stat}`]?.value ?? null
  const [min, max] = values.reduce(([low, high], x) => [Math.min(low, x), Math.max(high, x)], [
    Infinity,
    -Infinity,
  ] as [number, number])
  const [p50, p90, p95, p99] = ['p50', 'p90', 'p95', 'p99'].map(value) as [
    TrendStats['p50'],
    TrendStats['p90'],
    TrendStats['p95'],
    TrendStats['p99'],
  ]
  return { kind: 'trend', count: values.length, avg: value('avg'), min, p50, p90, p95, p99, max }
}

function lengthOf(found: Collected, metric: string, phase: number): number {
  return found.latencies.get(metric)?.of(phase).values.length ?? 0
}

/** Records come in the order in which requests ended. */
function inOrder(series: Series, phase: number): { atMs: Float64Array; values: Float64Array } {
  const all = series.of(phase)
  const order = Uint32Array.from(all.atMs, (_, i) => i).sort(
    (a, b) => (all.atMs[a] as number) - (all.atMs[b] as number),
  )
  return {
    atMs: Float64Array.from(order, (i) => all.atMs[i] as number),
    values: Float64Array.from(order, (i) => all.values[i] as number),
  }
}
