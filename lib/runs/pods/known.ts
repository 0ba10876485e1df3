import { metricDef, selector } from '../../metrics/index.ts'
import { sumOf } from '../../report/index.ts'
import type { Report, TrendStats } from '../../results/index.ts'
import type { RecordsSummary } from '../summarize.ts'
import { podScopes } from './scopes.ts'

type Metrics = RecordsSummary['metrics']

/**
 * Adds what only the pods' own results know: requests that the end cut off (started, not finished), and
 * those never sent. Both are summed over the pods.
 *
 * @param reports of all pods: the sum over some of them would be wrong
 */
export function putCounts(metrics: Metrics, reports: readonly Report[]): void {
  for (const { tags, of } of podScopes(reports)) {
    // A pod that does not list a slice or group sent nothing in it.
    const started = sumOf(reports.map((report) => of(report)?.started ?? (of(report) ? null : 0)))
    if (started !== null) metrics[selector('llm_requests_started', tags)] = counter(started)
  }
  const dropped = sumOf(reports.map(({ total }) => total.dropped))
  if (dropped !== null) metrics['dropped_iterations'] = counter(dropped)
}

/**
 * Adds the trends for which records hold no values, such as ITL without `RECORDS=gaps`. A percentile of
 * all pods' values lies between the pods' own, so the largest of these is never too good. Count, mean and
 * extremes are exact. k6 interpolates between two values, so this holds up to their distance.
 *
 * @param reports of all pods
 * @returns titles of the metrics whose percentiles are those of the worst pod
 */
export function putWorst(metrics: Metrics, reports: readonly Report[]): string[] {
  const names = Object.keys(reports[0]?.total.metrics ?? {}).filter((name) => {
    if (metricDef(name)?.kind !== 'trend' || metrics[name]?.values['count']) return false
    return reports.some(({ total }) => count(total.metrics[name] as TrendStats | undefined) > 0)
  })
  for (const { tags, of } of podScopes(reports)) {
    for (const name of names) {
      const pods = reports.flatMap((report) => of(report)?.trends[name] ?? [])
      if (pods.length === 0) continue
      metrics[selector(name, tags)] = { type: 'trend', contains: 'time', values: worst(pods) }
    }
  }
  return names.map((name) => metricDef(name)?.title ?? name)
}

function worst(pods: readonly TrendStats[]): Record<string, number> {
  const some = pods.filter((pod) => count(pod) > 0)
  const all = some.reduce((total, pod) => total + count(pod), 0)
  if (all === 0) return { count: 0 }
  const largest = (stat: 'p50' | 'p90' | 'p95' | 'p99' | 'max') =>
    Math.max(...some.map((pod) => pod[stat] ?? NaN))
  const values = {
    count: all,
    avg: some.reduce((total, pod) => total + (pod.avg ?? NaN) * count(pod), 0) / all,
    min: Math.min(...some.map(({ min }) => min ?? NaN)),
    max: largest('max'),
    med: largest('p50'),
    'p(50)': largest('p50'),
    'p(90)': largest('p90'),
    'p(95)': largest('p95'),
    'p(99)': largest('p99'),
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => Number.isFinite(value)))
}

function count(stats: TrendStats | null | undefined): number {
  return stats?.count ?? 0
}

function counter(value: number): Metrics[string] {
  return { type: 'counter', contains: 'default', values: { count: value } }
}
