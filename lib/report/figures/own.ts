import { isAlwaysTrue, metricDef, parseSelector } from '../../metrics/index.ts'
import { cleanText } from '../../safe-text/index.ts'
import type { Summary } from '../summary.ts'
import { isBound } from './bounds.ts'
import type { OwnMetric, Report, RunInfo, SloVerdict } from '../../results/index.ts'

/** Metrics that k6 and its socket module create themselves (metrics/builtin.go, browser and tcp). */
const BUILT_IN =
  /^(vus|vus_max|iterations|iteration_duration|dropped_iterations|checks|group_duration|data_sent|data_received)$|^(http_req|grpc_|ws_|tcp_|browser_)/

/** The user's own checks, thresholds and metrics: everything that neither the catalogue nor k6 defines. */
export function ownFigures(
  summary: Summary,
  run: RunInfo,
  slo: readonly SloVerdict[],
): Report['own'] {
  const metrics: OwnMetric[] = []
  const thresholds: Report['own']['thresholds'] = []
  for (const [name, metric] of summary.metrics) {
    const base = parseSelector(name).metric
    if (metricDef(base) === undefined && !BUILT_IN.test(base)) {
      const { type, contains, values } = metric
      metrics.push({ name: cleanText(name), type, contains, values })
    }
    for (const [expression, ok] of Object.entries(metric.thresholds ?? {})) {
      const known = slo.some((v) => v.selector === name && v.expression === expression)
      if (known || isAlwaysTrue(expression) || isBound(run, name, expression)) continue
      thresholds.push({ metric: cleanText(name), expression: cleanText(expression), ok })
    }
  }
  metrics.sort(byName((m) => m.name))
  thresholds.sort(byName((t) => `${t.metric} ${t.expression}`))
  const checks = summary.checks.map((check) => ({
    ...check,
    group: cleanText(check.group),
    name: cleanText(check.name),
  }))
  return { checks, thresholds, metrics }
}

function byName<T>(key: (item: T) => string) {
  return (a: T, b: T) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
}
