import type {
  Detail,
  Group,
  Histogram,
  PercentileCurve,
  Percentiles,
  Points,
  ShownRequest,
} from './detail-types.ts'
import { createSeries } from './series.ts'
import { shownRequest } from './shown-request.ts'
import { createTail } from './tail.ts'
import { outcomeKind } from '../metrics/index.ts'
import { ascending, percentileOf } from '../statistics/index.ts'
import type {
  AnswerRecord,
  GradeRecord,
  RequestRecord,
  RunRecord,
  ServerRecord,
} from '../records/index.ts'

const SHOWN_SLOWEST = 20
const SHOWN_FAILED = 50
/** Tag values beyond this number are joined: rows for a thousand sessions would help nobody. */
const MOST_GROUPS = 40
const MOST_SERVER_POINTS = 1_000
const MOST_BINS = 48

type Metric = 'ttft' | 'tpot' | 'e2e'
const METRICS = ['ttft', 'tpot', 'e2e'] as const
const BY = ['app', 'model', 'endpoint', 'step', 'turn'] as const

interface Raw {
  completed: number
  failed: number
  outputTokens: number
  values: Record<Metric, number[]>
}

/**
 * Collects what records show beyond a report's figures, in bounded size.
 * @param judged what a judge said of answers after the run, by the request's id
 */
export function createDetail(
  run: RunRecord['run'],
  judged?: ReadonlyMap<string, GradeRecord> | undefined,
) {
  const series = createSeries(run.plan)
  const measured = raw()
  const groups = new Map<string, { by: Group['by']; name: string; raw: Raw }>()
  const slowest: Record<'ttft' | 'e2e', ShownRequest[]> = { ttft: [], e2e: [] }
  const failed: ShownRequest[] = []
  const server: ServerRecord[] = []
  const tail = createTail(judged)
  let requests = 0
  let failures = 0

  return { add, addAnswer, addServer, detail }

  function add(record: RequestRecord): void {
    requests++
    series.add(record)
    tail.add(record)
    if (outcomeKind(record.outcome) === 'failed') {
      failures++
      if (failed.length < SHOWN_FAILED) failed.push(shownRequest(record))
    }
    if (!record.measured) return
    collect(measured, record)
    for (const by of BY) {
      const name = record[by]
      if (name !== undefined) collect(groupOf(by, String(name)), record)
    }
    if (record.outcome !== 'completed') return
    keepSlowest(slowest.ttft, record, 'ttftMs')
    keepSlowest(slowest.e2e, record, 'e2eMs')
  }

  function addAnswer(record: AnswerRecord): void {
    tail.addAnswer(record)
  }

  function addServer(record: ServerRecord): void {
    server.push(record)
  }

  function groupOf(by: Group['by'], name: string): Raw {
    const key = `${by}\u0000${name}`
    const known = groups.get(key)
    if (known !== undefined) return known.raw
    const full = [...groups.values()].filter((group) => group.by === by).length >= MOST_GROUPS
    if (full && name !== 'others') return groupOf(by, 'others')
    const group = { by, name, raw: raw() }
    groups.set(key, group)
    return group.raw
  }

  /** @param segment part of the load played by those whose records were added */
  function detail(segment: string | null): Detail {
    return {
      requests,
      series: series.series(segment),
      histograms: METRICS.flatMap((metric) => histogram(metric, measured.values[metric])),
      curves: METRICS.flatMap((metric) => curve(metric, measured.values[metric])),
      groups: [...groups.values()].map(groupReport),
      slowestTtft: slowest.ttft,
      slowestE2e: slowest.e2e,
      failed,
      failures,
      tail: tail.tail(),
      server: serverSeries(server),
    }
  }
}

function raw(): Raw {
  return { completed: 0, failed: 0, outputTokens: 0, values: { ttft: [], tpot: [], e2e: [] } }
}

function collect(into: Raw, record: RequestRecord): void {
  const kind = outcomeKind(record.outcome)
  if (kind !== 'aborted') into[kind]++
  into.outputTokens += record.outcome === 'completed' ? record.outputTokens : 0
  if (record.ttftMs !== undefined) into.values.ttft.push(record.ttftMs)
  if (record.tpotMs !== undefined) into.values.tpot.push(record.tpotMs)
  if (record.e2eMs !== undefined) into.values.e2e.push(record.e2eMs)
}

function keepSlowest(list: ShownRequest[], record: RequestRecord, by: 'ttftMs' | 'e2eMs'): void {
  const value = record[by]
  if (value === undefined) return
  const last = list[list.length - 1]?.[by] ?? -1
  if (list.length >= SHOWN_SLOWEST && value <= last) return
  list.push(shownRequest(record))
  list.sort((a, b) => (b[by] ?? 0) - (a[by] ?? 0))
  if (list.length > SHOWN_SLOWEST) list.pop()
}

function groupReport({ by, name, raw: r }: { by: Group['by']; name: string; raw: Raw }): Group {
  const { completed, failed, outputTokens, values } = r
  return {
    by,
    name,
    completed,
    failed,
    outputTokens,
    ttft: percentiles(values.ttft),
    tpot: percentiles(values.tpot),
    e2e: percentiles(values.e2e),
  }
}

function percentiles(values: readonly number[]): Percentiles {
  const sorted = ascending(values)
  const at = (p: number) => percentileOf(sorted, p) ?? null
  return { count: values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/** Bins that grow by a constant factor between the smallest and the largest value; few for few values. */
function histogram(metric: Metric, values: readonly number[]): Histogram[] {
  const sorted = ascending(values)
  const low = sorted.find((value) => value > 0)
  const high = sorted[sorted.length - 1]
  if (low === undefined || high === undefined) return []
  // A single value, or nearly so: bins of 2 % around it instead of none.
  const ratio = Math.max(high / low, 1.02 ** 4)
  // Rice's rule, 2 n^(1/3): with more bins than the values support, chance draws peaks and gaps.
  const supported = Math.min(MOST_BINS, Math.ceil(2 * Math.cbrt(sorted.length)))
  const bins = Math.max(4, Math.min(supported, Math.ceil(Math.log(ratio) / Math.log(1.02))))
  const factor = ratio ** (1 / bins)
  const edgesMs = Array.from({ length: bins + 1 }, (_, i) => low * factor ** i)
  const counts = new Array<number>(bins).fill(0)
  for (const value of sorted) {
    const at = value <= low ? 0 : Math.floor(Math.log(value / low) / Math.log(factor))
    const i = Math.min(bins - 1, at)
    counts[i] = (counts[i] as number) + 1
  }
  return [{ metric, edgesMs, counts }]
}

/** Percentiles, denser towards the tail; no further than the number of values supports. */
function curve(metric: Metric, values: readonly number[]): PercentileCurve[] {
  if (values.length === 0) return []
  const sorted = ascending(values)
  // The percentiles that pages name are among them.
  const shares = [...Array.from({ length: 91 }, (_, i) => i / 100), 0.95, 0.99]
  for (let tail = 0.1; tail * sorted.length >= 1; tail /= 10 ** 0.1) shares.push(1 - tail)
  shares.push(1)
  const atShare = [...new Set(shares.map((share) => Math.round(share * 1e6) / 1e6))].sort(
    (a, b) => a - b,
  )
  return [{ metric, atShare, ms: atShare.map((share) => percentileOf(sorted, share) as number) }]
}

function serverSeries(records: readonly ServerRecord[]): Detail['server'] {
  const sorted = [...records].sort((a, b) => a.atMs - b.atMs)
  const step = Math.max(1, Math.ceil(sorted.length / MOST_SERVER_POINTS))
  const kept = sorted.filter((_, i) => i % step === 0)
  const names = [...new Set(kept.flatMap((record) => Object.keys(record.values)))].slice(0, 40)
  const values: Record<string, Points> = {}
  for (const name of names) values[name] = kept.map((record) => record.values[name] ?? null)
  return { atS: kept.map(({ atMs }) => atMs / 1000), values }
}
