import { CATALOGUE } from '../metrics/index.ts'
import type { MetricDef, TimingField } from '../metrics/index.ts'
import type { Figure, Interval, ScopeReport, TrendStats } from '../results/index.ts'
import { percentile } from '../statistics/index.ts'
import type { RequestSample, Run } from './types.ts'

/** Sums over requests or over time, from which rates and shares are made. */
export type Counter =
  | 'finished'
  | 'completed'
  | 'failed'
  | 'good'
  | 'judged'
  | 'passed'
  | 'graded'
  | 'judgeScore'
  | 'judgeScored'
  | 'diverged'
  | 'compared'
  | 'outputTokens'
  | 'input'
  | 'cached'

type Quantity =
  | { kind: 'quantile'; timing: TimingField; p: number }
  | { kind: 'mean'; timing: TimingField }
  | { kind: 'rate'; counter: Counter }
  | { kind: 'share'; counter: Counter; among: Counter }

/** A figure by which two runs can be compared. */
export interface FigureDef {
  /** Stable name: `ttft_p95`, `output_tokens_per_s`. */
  id: string
  title: string
  unit: 'ms' | 'tokens/s' | 'requests/s' | 'share'
  better: 'lower' | 'higher'
  /** How a change is expressed: new / old - 1, or new - old (for shares, which may be 0). */
  scale: 'ratio' | 'difference'
  /** What it is made of, so that its variation can be computed. */
  quantity: Quantity
  /** Reads its value from a report; undefined where a report has no such statistic. */
  of(scope: ScopeReport): Figure | undefined
  /** Under which a scope keeps its interval; undefined where it keeps none. */
  key: string | undefined
}

/** Every latency of the catalogue, by the part of a figure's id that names it. */
const LATENCIES: ReadonlyMap<string, MetricDef & { timing: TimingField }> = new Map(
  (CATALOGUE as readonly MetricDef[]).flatMap((def) => {
    const { name, timing } = def
    return timing === undefined ? [] : [[name.replace(/^llm_/, ''), { ...def, timing }] as const]
  }),
)

const rate = (
  id: string,
  title: string,
  counter: Counter,
  key: 'outputTokensPerS' | 'completedPerS' | 'goodPerS',
): FigureDef => ({
  id,
  title,
  unit: counter === 'outputTokens' ? 'tokens/s' : 'requests/s',
  better: 'higher',
  scale: 'ratio',
  quantity: { kind: 'rate', counter },
  of: (scope) => scope[key],
  key,
})
const share = (
  id: string,
  title: string,
  better: 'lower' | 'higher',
  [counter, among]: readonly [Counter, Counter],
  of: 'goodShare' | 'errorRate' | 'cachedShare' | ((scope: ScopeReport) => Figure),
): FigureDef => ({
  id,
  title,
  unit: 'share',
  better,
  scale: 'difference',
  quantity: { kind: 'share', counter, among },
  of: typeof of === 'string' ? (scope) => scope[of] : of,
  key: typeof of === 'string' ? of : undefined,
})

function rateOf({ metrics }: ScopeReport, metric: string): Figure {
  const stats = metrics[metric]
  return stats?.kind === 'rate' ? stats.rate : null
}

const qualityOf = (scope: ScopeReport) => rateOf(scope, 'llm_answer_passed')

const judgeScoreOf = ({ judgeScore }: ScopeReport): Figure => judgeScore ?? null

const OTHERS: readonly FigureDef[] = [
  rate('output_tokens_per_s', 'Output tokens/s', 'outputTokens', 'outputTokensPerS'),
  rate('completed_per_s', 'Completed requests/s', 'completed', 'completedPerS'),
  rate('good_per_s', 'Goodput', 'good', 'goodPerS'),
  share('good_share', 'Good requests', 'higher', ['good', 'judged'], 'goodShare'),
  share('error_share', 'Failed requests', 'lower', ['failed', 'finished'], 'errorRate'),
  share('quality', 'Answers that pass', 'higher', ['passed', 'graded'], qualityOf),
  share('judge', "Judge's score", 'higher', ['judgeScore', 'judgeScored'], judgeScoreOf),
  share('divergence', 'Answers other than idle', 'lower', ['diverged', 'compared'], (s) =>
    rateOf(s, 'llm_answer_diverged'),
  ),
  share('cached_share', 'Cached input tokens', 'higher', ['cached', 'input'], 'cachedShare'),
]

/** What is compared unless told otherwise; each further figure makes findings harder to prove. */
export const DEFAULT_FIGURES: readonly string[] = [
  'ttft_p50',
  'ttft_p95',
  'tpot_p50',
  'tpot_p95',
  'e2e_p50',
  'e2e_p95',
  'output_tokens_per_s',
  'good_share',
  'error_share',
]

/** What is compared of these runs unless told otherwise: quality as well, where answers of all of them were graded or judged. */
export function defaultFigures(runs: readonly Pick<Run, 'report'>[]): readonly string[] {
  const all = (of: (scope: ScopeReport) => Figure) =>
    runs.every(({ report }) => of(report.measured) !== null)
  return [
    ...DEFAULT_FIGURES,
    ...(all(qualityOf) ? ['quality'] : []),
    ...(all(judgeScoreOf) ? ['judge'] : []),
  ]
}

/** The ids that `figureDef` accepts, for messages. */
export const FIGURE_IDS = `${[...LATENCIES.keys()].join(', ')} with _mean or _p and a percentile (ttft_p95, tpot_p99.9), ${OTHERS.map((f) => f.id).join(', ')}`

/**
 * The figure with an id.
 * @param id such as `ttft_p95`
 * @returns undefined for an unknown id; {@link FIGURE_IDS} lists the accepted ones
 */
export function figureDef(id: string): FigureDef | undefined {
  const other = OTHERS.find((def) => def.id === id)
  if (other !== undefined) return other
  const [, name = '', stat = '', percent] = /^([a-z0-9_]+)_(mean|p(\d+(?:\.\d+)?))$/.exec(id) ?? []
  const def = LATENCIES.get(name)
  if (def === undefined || (percent !== undefined && Number(percent) > 100)) return undefined
  const { timing } = def
  const p = Number(percent) / 100
  const key = percent === undefined ? 'avg' : TOLD.get(Number(percent))
  return {
    id,
    title: `${def.title} ${stat}`,
    unit: 'ms',
    better: 'lower',
    scale: 'ratio',
    quantity: percent === undefined ? { kind: 'mean', timing } : { kind: 'quantile', timing, p },
    of: ({ metrics }) => (key && (metrics[def.name] as TrendStats | undefined))?.[key],
    key: key && `${def.name}.${key}`,
  }
}

/** The percentiles in a report. */
const TOLD: ReadonlyMap<number, 'p50' | 'p90' | 'p95' | 'p99'> = new Map([
  [50, 'p50'],
  [90, 'p90'],
  [95, 'p95'],
  [99, 'p99'],
])

/**
 * A figure of a run, as its report gives it; a percentile that no report holds comes from the requests.
 * @returns undefined when there is no value
 */
export function figureOfRun(def: FigureDef, { report, requests }: Run): number | undefined {
  const told = def.of(report.measured)
  if (told !== undefined) return told ?? undefined
  if (requests === undefined || def.quantity.kind !== 'quantile') return undefined
  const { timing, p } = def.quantity
  return percentile(
    requests.flatMap((request) => (request.measured ? valuesOf(request, timing) : [])),
    p,
  )
}

/** The interval of a figure of a run, as its report gives it. */
export function intervalOfRun(
  { key }: FigureDef,
  { report }: Pick<Run, 'report'>,
): Interval | undefined {
  return key === undefined ? undefined : report.measured.intervals?.[key]
}

/** Timings that requests have even when they did not complete. */
const OF_ALL: ReadonlySet<TimingField> = new Set(
  [...LATENCIES.values()].filter((def) => !def.completedOnly).map(({ timing }) => timing),
)

/** The values of a request that enter a figure of a timing: at most one, or one per gap. */
export function valuesOf(
  { outcome, timings }: Pick<RequestSample, 'outcome' | 'timings'>,
  timing: TimingField,
): readonly number[] {
  const value = timings[timing]
  if (value === undefined || (outcome !== 'completed' && !OF_ALL.has(timing))) return []
  return typeof value === 'number' ? [value] : value
}
