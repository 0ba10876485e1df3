import {
  metricDef,
  parseSelector,
  thresholdsFor,
  TREND_GRID,
  windowAt,
  windowsOf,
} from '../metrics/index.ts'
import type { Graders, MetricKind } from '../metrics/index.ts'
import { endpointsOf, groupsOf, labelsOf } from './labels.ts'
import { eachRecordSample } from './samples.ts'
import { ascending, createSum, percentileOf } from '../statistics/index.ts'
import type { RequestRecord, RunRecord, ServerRecord } from '../records/index.ts'

export interface Summarizer {
  add(record: RequestRecord): void
  addServer(record: ServerRecord): void
  /**
   * What k6 would have passed to `handleSummary`; `buildReport` takes it.
   * @param elapsedMs how far into the load the run got; by default to the latest end of a request
   */
  summary(elapsedMs?: number): RecordsSummary
}

/** k6's legacy summary, as far as records give it. */
export interface RecordsSummary {
  metrics: Record<string, SummarizedMetric>
  state: { testRunDurationMs: number }
  [field: string]: unknown
}

export interface SummarizedMetric {
  type: string
  contains: string
  values: Record<string, number>
  thresholds?: Record<string, { ok: boolean | null }>
}

interface Series {
  kind: MetricKind
  /** Of trends and gauges. */
  values: number[]
  count: number
  /** Of counters and rates. */
  sum: ReturnType<typeof createSum>
}

/** The series of a metric that are selected by the same tags, keyed by the values of these tags. */
interface Family {
  tags: readonly string[]
  byValues: Map<string, Series>
}

/** As k6 keeps them; the smallest and largest value besides. */
const PERCENTILES = [{ share: 0.5, stat: 'med' }, ...TREND_GRID]
const OF_SERVER = /^llm_(server|gpu)_/

/**
 * Aggregates records as k6 aggregates samples: every figure of a report, recomputed, and the same in
 * whatever order the records come. What records do not know is missing: requests cut off by the end of
 * a run, dropped iterations, and a user's own metrics.
 */
export function createSummarizer(run: RunRecord['run']): Summarizer {
  const { phases } = run.plan
  const windows = windowsOf(phases)
  const slices = windows.flatMap(({ slice }) => slice ?? [])
  const series = new Map<string, Series>()
  const byMetric = new Map<string, Family[]>()
  const keys = thresholdsFor({
    phases,
    slices,
    slo: run.slo,
    serverFigures: true,
    endpoints: endpointsOf(run),
    groups: groupsOf(run),
    graders: gradersOf(run),
    compared: run['idle'] !== undefined,
  })
  for (const key of Object.keys(keys)) {
    const { metric, tags } = parseSelector(key)
    const kind = metricDef(metric)?.kind
    // Records tell the phase in which tokens were received, not the slice.
    if (kind === undefined || (metric === 'llm_output_tokens' && 'slice' in tags)) continue
    const own: Series = { kind, values: [], count: 0, sum: createSum() }
    series.set(key, own)
    const names = Object.keys(tags)
    const values = Object.values(tags).join(BETWEEN)
    familyOf(byMetric, metric, names).byValues.set(values, own)
  }
  let lastMs = 0
  let served = false

  return { add, addServer, summary }

  function add(record: RequestRecord): void {
    if (record.endMs > lastMs) lastMs = record.endMs
    const labels = labelsOf(record)
    eachRecordSample(record, windows, (metric, value, tags) => enter(metric, value, tags, labels))
  }

  /** Figures of the server belong to the phase in which it was polled. */
  function addServer({ atMs, values, readings = [], impossible = [] }: ServerRecord): void {
    served = true
    const window = windowAt(windows, atMs)
    const tags = { phase: window?.phase ?? 'drain', measured: String(window?.measured ?? false) }
    for (const [metric, value] of Object.entries(values)) {
      enter(metric, value, tags, {})
      enter('llm_server_polls', 1, { ...tags, figure: metric }, {})
    }
    for (const reading of readings) enter('llm_server_readings', 1, reading, {})
    for (const figure of impossible) enter('llm_server_impossible', 1, { figure }, {})
  }

  function enter(metric: string, value: number, tags: Tags, labels: Tags): void {
    for (const { tags: names, byValues } of byMetric.get(metric) ?? []) {
      let values = ''
      for (let i = 0; i < names.length; i++) {
        const name = names[i] as string
        const value = tags[name] ?? labels[name] ?? ''
        // A single tag's value is looked up as it is: no need to build a million strings.
        values = i === 0 ? value : values + BETWEEN + value
      }
      const own = byValues.get(values)
      if (own === undefined) continue
      own.count++
      if (own.kind === 'trend' || own.kind === 'gauge') own.values.push(value)
      else own.sum.add(value)
    }
  }

  function summary(elapsedMs = lastMs): RecordsSummary {
    const metrics: RecordsSummary['metrics'] = {}
    const seconds = Math.max(elapsedMs, 1) / 1000
    for (const [key, own] of series) {
      if (!served && OF_SERVER.test(key)) continue
      metrics[key] = { type: own.kind, contains: 'default', values: valuesOf(own, seconds) }
    }
    return { metrics, state: { testRunDurationMs: elapsedMs } }
  }
}

type Tags = Readonly<Record<string, string>>

/** A separator that occurs in no tag value. */
const BETWEEN = '\u0000'

function familyOf(
  byMetric: Map<string, Family[]>,
  metric: string,
  tags: readonly string[],
): Family {
  const families = byMetric.get(metric) ?? []
  byMetric.set(metric, families)
  const known = families.find((family) => family.tags.join() === tags.join())
  if (known !== undefined) return known
  const family: Family = { tags, byValues: new Map() }
  families.push(family)
  return family
}

function valuesOf({ kind, values, count, sum }: Series, seconds: number): Record<string, number> {
  const total = sum.value()
  if (kind === 'counter') return { count: total, rate: total / seconds }
  if (kind === 'rate') {
    return { passes: total, fails: count - total, rate: count === 0 ? 0 : total / count }
  }
  if (count === 0) return kind === 'trend' ? { count: 0 } : {}
  const sorted = ascending(values)
  const [min, max] = [sorted[0] as number, sorted[count - 1] as number]
  if (kind === 'gauge') return { value: values[count - 1] as number, min, max }
  // Summed in sorted order: the same in whatever order the values came.
  const avg = sorted.reduce((all, value) => all + value, 0) / count
  const found: Record<string, number> = { count, avg, min, max }
  for (const { share, stat } of PERCENTILES) found[stat] = percentileOf(sorted, share) as number
  return found
}

/** What answers were graded by; undefined where none were. */
function gradersOf({ graders }: RunRecord['run']): Graders | undefined {
  const { names, reasons } = (graders ?? {}) as { names?: unknown; reasons?: unknown }
  if (!Array.isArray(names) || !Array.isArray(reasons)) return undefined
  return { names: names.map(String), reasons: reasons.map(String) }
}
