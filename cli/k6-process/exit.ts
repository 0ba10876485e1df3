import { missedAsMeasured } from '../../lib/report/index.ts'
import type { Report } from '../../lib/results/index.ts'

/**
 * k6's exit code when a threshold was crossed (`ThresholdsHaveFailed` in k6's errext/exitcodes). Limits
 * are thresholds, so such a run finished and missed a limit: that is a result, not a broken run.
 */
export const LIMITS_MISSED = 99

/** No load was sent: k6's exit code where a script aborts its test (`ScriptAborted`). */
export const NO_LOAD = 108

/** Of this program: the run does not say whether its limits are kept, or a gate cannot tell. */
export const NOT_JUDGED = 4

/**
 * The exit code of a run by its report: k6's own where it has one. k6 knows no undecided limit: beyond its
 * limit as measured it is missed, else kept.
 */
export function exitOf(report: Report): number {
  const { status } = report.verdict
  if (status === 'no_load') return NO_LOAD
  if (status === 'unclear') return NOT_JUDGED
  if (status === 'passed' || status === 'no_limits') return 0
  if (missedAsMeasured(report)) return LIMITS_MISSED
  return status === 'failed' ? NOT_JUDGED : 0
}

/** Go's exit code for a crashed program; k6 itself never uses it. */
export const CRASHED = 2

/** What k6's exit code says about the run. */
export function endOf(code: number): 'passed' | 'limits missed' | 'broken' {
  if (code === 0) return 'passed'
  return code === LIMITS_MISSED ? 'limits missed' : 'broken'
}

const RANK = { passed: 0, 'limits missed': 1, broken: 2 }

/** The worse of two exit codes, or the first if they are equally bad. A broken run is worse than a missed limit. */
export function worseOf(a: number, b: number): number {
  return RANK[endOf(b)] > RANK[endOf(a)] ? b : a
}
