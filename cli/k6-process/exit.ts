/**
 * k6's exit code when a threshold was crossed (`ThresholdsHaveFailed` in k6's errext/exitcodes). Limits
 * are thresholds, so such a run finished and missed a limit: that is a result, not a broken run.
 */
export const LIMITS_MISSED = 99

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
