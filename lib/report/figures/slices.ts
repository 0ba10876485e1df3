import { limitsSet } from '../../metrics/index.ts'
import type { Slo } from '../../metrics/index.ts'
import { countOf, statsOf, trendFigure, trendOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import { playedSlices } from './played-slices.ts'
import { cachedShareOf } from './scopes.ts'
import type { RecoveryReport, RunInfo, SliceReport, TrendStats } from '../../results/index.ts'

/** The run in slices, as far as it got. */
export function sliceReports(summary: Summary, run: RunInfo): SliceReport[] {
  const { slo } = run
  const limits = limitsSet(slo)
  const limited = (metric: string) => limits.some((limit) => limit.metric === metric)
  return playedSlices(summary, run).map(({ slice, phase, startMs, endMs }) => {
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
      itl: limited('llm_itl') ? trend('llm_itl') : null,
      e2e: limited('llm_e2e') ? trend('llm_e2e') : null,
    }
    return { ...report, held: holds(report, slo, trend) }
  })
}

/**
 * Time to recover: from the end of the peak to the end of the last slice after it in which the SLO
 * (percentiles and error rate of the requests due in it) did not hold. The resolution is the length of a
 * slice. Null where the plan has no spike, or nothing after it.
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
  if (limitsSet(run.slo).length === 0) {
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

/**
 * Whether the SLO held in a slice or phase; null where no request was due in it.
 *
 * @param latency figures of a latency in it; null where it has none
 */
export function holds(
  part: Pick<SliceReport, 'started' | 'completed' | 'errorRate'>,
  slo: Slo,
  latency: (metric: string) => TrendStats | null,
): boolean | null {
  if (!part.started) return null
  // Requests were due and none completed: the SLO did not hold.
  if (!part.completed) return false
  const above = limitsSet(slo).some(({ metric, stat, limitMs }) => {
    const value = trendFigure(latency(metric), stat)
    return value !== null && value > limitMs
  })
  return !above && !(part.errorRate !== null && part.errorRate > slo.errorRate)
}
