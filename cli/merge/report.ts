import type { RunRecord } from '../../lib/records/index.ts'
import { buildReport } from '../../lib/report/index.ts'
import type { Figure, Report, RunInfo, ScopeReport } from '../../lib/results/index.ts'

/** What all pods together are: they played the whole load. */
export function wholeRun(record: RunRecord): RunRecord {
  const { run } = record
  return { ...record, run: { ...run, plan: { ...run.plan, segment: null } } }
}

/**
 * One report of several pods: every latency figure is computed anew of all requests, and what only
 * the pods' own results know (requests started, dropped, cut off by the end, a user's own checks) is
 * added up. Percentiles are never averaged: a mean of percentiles is no percentile.
 *
 * @param summary of all pods' records, as `createSummarizer` gives it
 * @param run of any pod
 * @param own the pods' results; all of them, or figures that need them have no value
 * @param pods how many pods there were
 */
export function mergedReport(
  summary: unknown,
  run: RunRecord,
  own: readonly Report[],
  pods: number,
  notes: readonly { type: string; message: string }[],
): Report {
  const info = {
    ...wholeRun(run).run,
    startedAt: run.startedAt,
    loadStartMs: 0,
  }
  const report = buildReport({ summary, run: info as unknown as RunInfo })
  const all = own.length === pods ? own : []
  const add = (of: (pod: Report) => Figure | undefined) => sum(all.map(of))
  const scope = (merged: ScopeReport, of: (pod: Report) => ScopeReport | undefined) => {
    const started = add((pod) => of(pod)?.started) ?? merged.started
    const dropped = add((pod) => of(pod)?.dropped)
    const perS =
      started === null || merged.lengthMs <= 0 ? null : (started * 1000) / merged.lengthMs
    return { ...merged, started, startedPerS: perS, dropped }
  }
  const byName = (name: string) => (pod: Report) => pod.phases.find((phase) => phase.name === name)
  const missing =
    all.length > 0
      ? []
      : [
          {
            type: 'from_records',
            message: `results of ${own.length} of ${pods} pods: requests cut off by the end, dropped ones, and own checks and metrics are not known`,
          },
        ]
  return {
    ...report,
    measured: scope(report.measured, (pod) => pod.measured),
    total: scope(report.total, (pod) => pod.total),
    phases: report.phases.map((phase) => scope(phase, byName(phase.name))),
    droppedIterations: add((pod) => pod.droppedIterations),
    inFlightAtEnd: add((pod) => pod.inFlightAtEnd),
    own: ownOf(all),
    warnings: [...report.warnings, ...missing, ...notes],
  }
}

/** No value as soon as one pod has none: a part of a sum is not the sum. */
function sum(figures: readonly (Figure | undefined)[]): Figure {
  if (figures.length === 0) return null
  let total = 0
  for (const figure of figures) {
    if (figure === null || figure === undefined) return null
    total += figure
  }
  return total
}

/** Counters and rates of a user add up; Trends and gauges do not, and are left out. */
function ownOf(pods: readonly Report[]): Report['own'] {
  const checks = new Map<string, Report['own']['checks'][number]>()
  const thresholds = new Map<string, Report['own']['thresholds'][number]>()
  const metrics = new Map<string, Report['own']['metrics'][number]>()
  for (const { own } of pods) {
    for (const check of own.checks) {
      const key = `${check.group}::${check.name}`
      const { passes = 0, fails = 0 } = checks.get(key) ?? {}
      checks.set(key, { ...check, passes: passes + check.passes, fails: fails + check.fails })
    }
    for (const threshold of own.thresholds) {
      const key = `${threshold.metric} ${threshold.expression}`
      const ok = thresholds.get(key)?.ok
      const worse = ok === false || threshold.ok === false
      thresholds.set(key, { ...threshold, ok: worse ? false : threshold.ok })
    }
    for (const metric of own.metrics) {
      if (metric.type !== 'counter') continue
      const count = metrics.get(metric.name)?.values['count'] ?? 0
      const values = { count: count + (metric.values['count'] ?? 0) }
      metrics.set(metric.name, { ...metric, values })
    }
  }
  return {
    checks: [...checks.values()],
    thresholds: [...thresholds.values()],
    metrics: [...metrics.values()],
  }
}
