import { metricDef, parseSelector, thresholdsFor, windowsOf } from '../metrics/index.ts'
import type { MetricKind } from '../metrics/index.ts'
import { eachRecordSample } from './samples.ts'
import { ascending, percentileOf } from '../statistics/index.ts'
import type { RequestRecord, RunRecord } from '../records/index.ts'

export interface Summarizer {
  add(record: RequestRecord): void
  /**
   * What k6 would have given `handleSummary`; `buildReport` takes it.
   * @param elapsedMs how far into the load the run got; by default to the last end of a request
   */
  summary(elapsedMs?: number): Record<string, unknown>
}

interface Series {
  kind: MetricKind
  tags: readonly (readonly [string, string])[]
  values: number[]
  count: number
  sum: number
}

const PERCENTILES = { med: 0.5, 'p(50)': 0.5, 'p(90)': 0.9, 'p(95)': 0.95, 'p(99)': 0.99 }

/**
 * Makes of records what k6 makes of samples: every figure of a report, computed anew. What records
 * do not know is missing: requests that the end of a run cut off, dropped iterations, and a user's
 * own metrics.
 */
export function createSummarizer(run: RunRecord['run']): Summarizer {
  const { phases } = run.plan
  const windows = windowsOf(phases)
  const slices = windows.flatMap(({ slice }) => slice ?? [])
  const series = new Map<string, Series>()
  const byMetric = new Map<string, Series[]>()
  const keys = thresholdsFor({
    phases,
    slices,
    slo: run.slo,
    endpoints: endpointsOf(run),
    groups: groupsOf(run),
  })
  for (const key of Object.keys(keys)) {
    const { metric, tags } = parseSelector(key)
    const kind = metricDef(metric)?.kind
    if (kind === undefined) continue
    const own: Series = { kind, tags: Object.entries(tags), values: [], count: 0, sum: 0 }
    series.set(key, own)
    byMetric.set(metric, [...(byMetric.get(metric) ?? []), own])
  }
  let lastMs = 0

  return { add, summary }

  function add(record: RequestRecord): void {
    if (record.endMs > lastMs) lastMs = record.endMs
    const labels: Record<string, string> = {
      phase: record.phase,
      measured: String(record.measured),
      app: record.app,
      model: record.model,
    }
    for (const tag of ['endpoint', 'step'] as const) {
      const value = record[tag]
      if (value !== undefined) labels[tag] = value
    }
    if (record.turn !== undefined) labels['turn'] = record.turn > 9 ? '10+' : String(record.turn)
    eachRecordSample(record, windows, (metric, value, tags) => {
      for (const own of byMetric.get(metric) ?? []) {
        if (!own.tags.every(([tag, wanted]) => (tags[tag] ?? labels[tag]) === wanted)) continue
        own.sum += value
        own.count++
        if (own.kind === 'trend' || own.kind === 'gauge') own.values.push(value)
      }
    })
  }

  function summary(elapsedMs = lastMs): Record<string, unknown> {
    const metrics: Record<string, unknown> = {}
    const seconds = Math.max(elapsedMs, 1) / 1000
    for (const [key, own] of series) {
      metrics[key] = { type: own.kind, contains: 'default', values: valuesOf(own, seconds) }
    }
    return { metrics, state: { testRunDurationMs: elapsedMs } }
  }
}

function valuesOf({ kind, values, count, sum }: Series, seconds: number): Record<string, number> {
  if (kind === 'counter') return { count: sum, rate: sum / seconds }
  if (kind === 'rate') {
    return { passes: sum, fails: count - sum, rate: count === 0 ? 0 : sum / count }
  }
  if (count === 0) return kind === 'trend' ? { count: 0 } : {}
  const sorted = ascending(values)
  const [min, max] = [sorted[0] as number, sorted[count - 1] as number]
  if (kind === 'gauge') return { value: values[count - 1] as number, min, max }
  const found: Record<string, number> = { count, avg: sum / count, min, max }
  for (const [name, p] of Object.entries(PERCENTILES)) {
    found[name] = percentileOf(sorted, p) as number
  }
  return found
}

function groupsOf(run: RunRecord['run']): { tag: string; values: string[] }[] {
  const { groups } = run
  if (!Array.isArray(groups)) return []
  return groups.map((group: { tag?: unknown; values?: unknown }) => ({
    tag: String(group.tag),
    values: Array.isArray(group.values) ? group.values.map(String) : [],
  }))
}

function endpointsOf(run: RunRecord['run']): string[] {
  const { endpoints } = run
  if (!Array.isArray(endpoints) || endpoints.length < 2) return []
  return endpoints.map((endpoint: { name?: unknown }) => String(endpoint.name))
}
