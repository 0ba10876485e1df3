import { canonicalKey, metricDef, parseSelector } from '../../metrics/index.ts'
import type { OwnMetric, Report } from '../../results/index.ts'
import type { RecordsSummary, SummarizedMetric } from '../summarize.ts'
import { wholeVerdict } from './thresholds.ts'

type Check = Report['own']['checks'][number]
type Values = Record<string, number>

/** k6's own metrics of type Rate, whose values are not in results. */
const SHARES = ['checks', 'http_req_failed', 'browser_http_req_failed']

/**
 * Adds the user's own checks, metrics and thresholds from the pods' results.
 *
 * @param reports of all pods
 * @returns names of the metrics that lack some values, namely percentiles and last values
 */
export function putOwn(summary: RecordsSummary, reports: readonly Report[]): string[] {
  const { metrics } = summary
  summary['root_group'] = { name: '', groups: groupsOf(reports), checks: [] }
  const partly: string[] = []
  const byName = new Map<string, OwnMetric[]>()
  for (const metric of reports.flatMap(({ own }) => own.metrics)) {
    byName.set(metric.name, [...(byName.get(metric.name) ?? []), metric])
  }
  for (const [name, pods] of byName) {
    const { type, contains } = pods[0] as OwnMetric
    const seconds = summary.state.testRunDurationMs / 1000
    const values = JOIN[type]?.(
      pods.map((pod) => pod.values),
      seconds,
    )
    metrics[name] = { type, contains, values: values ?? {} }
    if (type !== 'counter' && type !== 'rate') partly.push(name)
  }
  putThresholds(metrics, reports)
  return partly
}

function groupsOf(reports: readonly Report[]) {
  const groups = new Map<string, Map<string, Check>>()
  for (const check of reports.flatMap(({ own }) => own.checks)) {
    const group = groups.get(check.group) ?? new Map<string, Check>()
    groups.set(check.group, group)
    const { passes, fails } = group.get(check.name) ?? { passes: 0, fails: 0 }
    group.set(check.name, {
      ...check,
      passes: passes + check.passes,
      fails: fails + check.fails,
    })
  }
  return [...groups].map(([name, checks]) => ({ name, groups: [], checks: [...checks.values()] }))
}

/** Joins the pods' values, by the metric's type; what they cannot tell is left out. */
const JOIN: Readonly<Record<string, (pods: readonly Values[], seconds: number) => Values>> = {
  counter(pods, seconds) {
    const count = sum(pods, 'count')
    return { count, rate: count / seconds }
  },
  rate(pods) {
    const [passes, fails] = [sum(pods, 'passes'), sum(pods, 'fails')]
    return { passes, fails, rate: passes + fails === 0 ? 0 : passes / (passes + fails) }
  },
  gauge: extremes,
  trend(pods) {
    const count = sum(pods, 'count')
    if (pods.some((values) => values['count'] === undefined)) return extremes(pods)
    if (count === 0) return { count }
    const some = pods.filter((values) => values['count'] !== 0)
    const total = some.reduce((all, { avg = NaN, count: n = 0 }) => all + avg * n, 0)
    return { count, avg: total / count, ...extremes(some) }
  },
}

function extremes(pods: readonly Values[]): Values {
  const all = (stat: string) => pods.flatMap((values) => values[stat] ?? [])
  return { min: Math.min(...all('min')), max: Math.max(...all('max')) }
}

function sum(pods: readonly Values[], stat: string): number {
  return pods.reduce((all, values) => all + (values[stat] ?? 0), 0)
}

function putThresholds(metrics: RecordsSummary['metrics'], reports: readonly Report[]): void {
  const all = reports.flatMap(({ own }) => own.thresholds)
  for (const { metric, expression } of all) {
    const key = canonicalKey(metric)
    const entry: SummarizedMetric = metrics[key] ?? { type: '', contains: '', values: {} }
    const verdicts = reports.map(
      ({ own }) =>
        own.thresholds.find((t) => t.metric === metric && t.expression === expression)?.ok ?? null,
    )
    const { metric: base } = parseSelector(key)
    const isShare =
      entry.type === 'rate' || metricDef(base)?.kind === 'rate' || SHARES.includes(base)
    const ok = wholeVerdict(expression, verdicts, entry.values, isShare)
    metrics[key] = { ...entry, thresholds: { ...entry.thresholds, [expression]: { ok } } }
  }
}
