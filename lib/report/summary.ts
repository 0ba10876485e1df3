import { canonicalKey, selector } from '../metrics/index.ts'
import type { LatencyLimit } from '../metrics/index.ts'
import type { Figure, Stats, TrendStats } from '../results/index.ts'

export interface SummaryMetric {
  type: string
  contains: string
  values: Record<string, number>
  /** By threshold, whether it was kept; null where that is not known; undefined where the summary has no thresholds. */
  thresholds: Record<string, boolean | null> | undefined
}

export interface SummaryCheck {
  group: string
  name: string
  passes: number
  fails: number
}

/** k6's figures in one form, whichever of the two summary formats they came in. */
export interface Summary {
  /** `legacy` is what handleSummary gets by default, `machine` with --new-machine-readable-summary. */
  format: 'legacy' | 'machine'
  durationMs: number | null
  k6Version: string | null
  /** By selector, in one canonical spelling. */
  metrics: ReadonlyMap<string, SummaryMetric>
  checks: SummaryCheck[]
}

type Json = Record<string, unknown>

/**
 * Reads what k6 2.2 passes to `handleSummary` (internal/js/summary.go). The machine-readable format has
 * neither thresholds nor p(99) nor the number of samples of a Trend.
 * @throws Error when it is in neither format
 */
export function readSummary(data: unknown): Summary {
  // The machine-readable one is a Go struct behind a proxy: only its JSON has the documented names.
  const plain: unknown = JSON.parse(JSON.stringify(data ?? null))
  if (isObject(plain) && isObject(plain['metrics'])) return readLegacy(plain, plain['metrics'])
  if (isObject(plain) && isObject(plain['results'])) return readMachine(plain, plain['results'])
  const got = isObject(plain)
    ? `an object with ${Object.keys(plain).join(', ') || 'nothing'}`
    : typeof plain
  throw new Error(
    `handleSummary data must hold "metrics" or "results" as k6 2.2 gives it, got ${got}`,
  )
}

/** Statistics of a (sub-)metric; a figure is null where k6 has no sample or no such key. */
export function statsOf(
  summary: Summary,
  kind: Stats['kind'],
  metric: string,
  tags: Readonly<Record<string, string>> = {},
): Stats {
  const values = summary.metrics.get(selector(metric, tags))?.values
  const get = (...keys: string[]) => {
    for (const key of keys) {
      const value = values?.[key]
      if (value !== undefined) return value
    }
    return null
  }
  if (kind === 'trend') return trendStats(get)
  if (kind === 'counter') return { kind, count: get('count') }
  if (kind === 'gauge') return { kind, value: get('value'), min: get('min'), max: get('max') }
  const passes = get('passes')
  const fails = get('fails')
  const total = passes === null || fails === null ? null : passes + fails
  return { kind, rate: total === 0 || total === null ? null : get('rate'), passes, total }
}

export function trendOf(
  summary: Summary,
  metric: string,
  tags: Readonly<Record<string, string>> = {},
): TrendStats {
  return statsOf(summary, 'trend', metric, tags) as TrendStats
}

/** A statistic of a trend by k6's name for it, `p(95)` or `avg`. */
export function trendFigure(stats: TrendStats | null, stat: LatencyLimit['stat']): Figure {
  return stats === null ? null : stats[TREND_FIELDS[stat]]
}

/** Fields of a trend's figures by k6's names. */
export const TREND_FIELDS: Readonly<
  Record<LatencyLimit['stat'], Exclude<keyof TrendStats, 'kind'>>
> = {
  'p(50)': 'p50',
  'p(90)': 'p90',
  'p(95)': 'p95',
  'p(99)': 'p99',
  avg: 'avg',
}

/** A counter's sum; null where the summary has no such key. */
export function countOf(
  summary: Summary,
  metric: string,
  tags: Readonly<Record<string, string>> = {},
): number | null {
  return summary.metrics.get(selector(metric, tags))?.values['count'] ?? null
}

function trendStats(get: (...keys: string[]) => number | null): TrendStats {
  const count = get('count')
  const [avg, min, max] = [get('avg'), get('min'), get('max')]
  // k6 writes 0 for every statistic of an empty Trend.
  if (count === 0 || (count === null && !avg && !min && !max)) {
    return {
      kind: 'trend',
      count,
      avg: null,
      min: null,
      p50: null,
      p90: null,
      p95: null,
      p99: null,
      max: null,
    }
  }
  const [p50, p90, p95, p99] = [get('p(50)', 'med'), get('p(90)'), get('p(95)'), get('p(99)')]
  return { kind: 'trend', count, avg, min, p50, p90, p95, p99, max }
}

function readLegacy(plain: Json, metrics: Json): Summary {
  const found = new Map<string, SummaryMetric>()
  for (const [name, metric] of Object.entries(metrics)) {
    if (!isObject(metric)) continue
    const thresholds: Record<string, boolean | null> = {}
    for (const [source, result] of Object.entries(objectOr(metric['thresholds']))) {
      const ok = isObject(result) ? result['ok'] : false
      thresholds[source] = ok === null ? null : ok === true
    }
    found.set(canonicalKey(name), {
      type: String(metric['type']),
      contains: String(metric['contains']),
      values: numbers(metric['values']),
      thresholds,
    })
  }
  const checks: SummaryCheck[] = []
  walkGroups(plain['root_group'], '', checks, 20)
  const duration = objectOr(plain['state'])['testRunDurationMs']
  const durationMs = typeof duration === 'number' ? duration : null
  return { format: 'legacy', durationMs, k6Version: null, metrics: found, checks }
}

function readMachine(plain: Json, results: Json): Summary {
  const found = new Map<string, SummaryMetric>()
  for (const metric of arrayOr(results['metrics'])) {
    if (!isObject(metric)) continue
    const { matches, total, p90, p95, ...values } = numbers(metric['values'])
    if (p90 !== undefined) values['p(90)'] = p90
    if (p95 !== undefined) values['p(95)'] = p95
    if (matches !== undefined && total !== undefined) {
      values['passes'] = matches
      values['fails'] = total - matches
    }
    found.set(canonicalKey(String(metric['name'])), {
      type: String(metric['type']),
      contains: String(metric['contains']),
      values,
      thresholds: undefined,
    })
  }
  const checks = arrayOr(objectOr(results['checks'])['results']).flatMap((check) =>
    isObject(check) ? [readCheck('', check)] : [],
  )
  const seconds = objectOr(plain['config'])['duration']
  const version = objectOr(plain['metadata'])['k6_version']
  return {
    format: 'machine',
    durationMs: typeof seconds === 'number' ? seconds * 1000 : null,
    k6Version: typeof version === 'string' ? version : null,
    metrics: found,
    checks,
  }
}

function walkGroups(group: unknown, path: string, into: SummaryCheck[], depth: number): void {
  if (!isObject(group) || depth === 0) return
  for (const check of arrayOr(group['checks'])) {
    if (isObject(check)) into.push(readCheck(path, check))
  }
  for (const child of arrayOr(group['groups'])) {
    const name = isObject(child) ? String(child['name']) : ''
    walkGroups(child, path === '' ? name : `${path} › ${name}`, into, depth - 1)
  }
}

function readCheck(group: string, check: Json): SummaryCheck {
  return {
    group,
    name: String(check['name']),
    passes: Number(check['passes']) || 0,
    fails: Number(check['fails']) || 0,
  }
}

function numbers(values: unknown): Record<string, number> {
  const found: Record<string, number> = {}
  for (const [key, value] of Object.entries(objectOr(values))) {
    if (typeof value === 'number' && Number.isFinite(value)) found[key] = value
  }
  return found
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
const objectOr = (value: unknown): Json => (isObject(value) ? value : {})
const arrayOr = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
