import { windowsOf } from '../../metrics/index.ts'
import type { Slo } from '../../metrics/index.ts'
import { countOf, statsOf, trendOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import { cachedShareOf, elapsedLoadMs } from './scopes.ts'
import type {
  Figure,
  RecoveryReport,
  RunInfo,
  SliceReport,
  TrendStats,
} from '../../results/index.ts'

/** The run in slices, as far as it got. */
export function sliceReports(summary: Summary, run: RunInfo): SliceReport[] {
  const elapsed = elapsedLoadMs(summary, run)
  const { slo } = run
  return (run.windows ?? windowsOf(run.plan.phases)).flatMap((window) => {
    const { slice, phase, startMs, endMs } = window
    if (slice === undefined || startMs >= elapsed) return []
    const trend = (metric: string) => trendOf(summary, metric, { slice })
    const failed = statsOf(summary, 'rate', 'llm_request_failed', { slice })
    const report = {
      slice,
      phase,
      startMs,
      endMs,
      started: countOf(summary, 'llm_requests_started', { slice }),
      completed: countOf(summary, 'llm_requests', { slice, outcome: 'completed' }),
      errorRate: failed.kind === 'rate' ? failed.rate : null,
      cachedShare: cachedShareOf(summary, { slice }),
      ttft: trend('llm_ttft'),
      tpot: trend('llm_tpot'),
      itl: (slo.itlP95Ms ?? slo.itlP99Ms) === undefined ? null : trend('llm_itl'),
      e2e: (slo.e2eP95Ms ?? slo.e2eP99Ms) === undefined ? null : trend('llm_e2e'),
    }
    return [{ ...report, held: holds(report, slo) }]
  })
}

/**
 * Time to recover: from the end of the peak to the end of the last slice after it in which
 * the SLO (percentiles and error rate of the requests due in it) did not hold. A slice is the
 * resolution. Null where the plan has no spike or nothing after it.
 */
export function recoveryReport(
  run: RunInfo,
  slices: readonly SliceReport[],
): RecoveryReport | null {
  const spike = run.plan.phases.filter((phase) => phase.role === 'peak').pop()
  if (spike === undefined) return null
  const after = slices.filter((slice) => slice.startMs >= spike.endMs - 0.5)
  if (after.length === 0) return null
  const last = after[after.length - 1] as SliceReport
  const watchedMs = last.endMs - spike.endMs
  const resolutionMs = Math.max(...after.map((slice) => slice.endMs - slice.startMs))
  const base = { timeMs: null, watchedMs, resolutionMs }
  if (!hasLatencyLimit(run.slo)) {
    return { ...base, status: 'no_value', note: 'no latency limit in the SLO to recover to' }
  }
  const judged = after.filter((slice) => slice.held !== null)
  const lastJudged = judged[judged.length - 1]
  if (lastJudged === undefined) {
    return { ...base, status: 'no_value', note: 'no request was due after the spike' }
  }
  if (!lastJudged.held) {
    return { ...base, status: 'not_recovered', note: 'the SLO did not hold in the last slice' }
  }
  const missed = judged.filter((slice) => !slice.held).pop()
  const timeMs = missed === undefined ? 0 : missed.endMs - spike.endMs
  const note = missed === undefined ? 'the SLO held in every slice after the spike' : ''
  return { ...base, status: 'recovered', timeMs, note }
}

/** Whether the SLO held in a slice or phase; null where nothing was due in it. */
export function holds(
  slice: Pick<SliceReport, 'started' | 'completed' | 'errorRate' | 'ttft' | 'tpot' | 'itl' | 'e2e'>,
  slo: Slo,
): boolean | null {
  if (!slice.started) return null
  // Requests were due and none came back: that is no SLO held.
  if (!slice.completed) return false
  const pairs: [TrendStats | null, number | undefined, number | undefined][] = [
    [slice.ttft, slo.ttftP95Ms, slo.ttftP99Ms],
    [slice.tpot, slo.tpotP95Ms, slo.tpotP99Ms],
    [slice.itl, slo.itlP95Ms, slo.itlP99Ms],
    [slice.e2e, slo.e2eP95Ms, slo.e2eP99Ms],
  ]
  const above = (value: Figure | undefined, limit: number | undefined) =>
    limit !== undefined && value !== null && value !== undefined && value > limit
  if (pairs.some(([t, p95, p99]) => above(t?.p95, p95) || above(t?.p99, p99))) return false
  return !above(slice.errorRate, slo.errorRate)
}

function hasLatencyLimit(slo: Slo): boolean {
  return [
    slo.ttftP95Ms ?? slo.ttftP99Ms,
    slo.tpotP95Ms ?? slo.tpotP99Ms,
    slo.itlP95Ms ?? slo.itlP99Ms,
    slo.e2eP95Ms ?? slo.e2eP99Ms,
  ].some((limit) => limit !== undefined)
}
