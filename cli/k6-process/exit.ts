/**
 * k6's exit code when a threshold was crossed (`ThresholdsHaveFailed` in k6's errext/exitcodes). Limits
 * are thresholds, so this is a run that went to its end and missed one: a result, no broken run.
 */
const LIMITS_MISSED = 99

/** Go's code for a program that crashed; k6 has none of this number. */
export const CRASHED = 2

/** What an exit code of k6 says of the run. */
export function endOf(code: number): 'passed' | 'limits missed' | 'broken' {
  if (code === 0) return 'passed'
  return code === LIMITS_MISSED ? 'limits missed' : 'broken'
}

const RANK = { passed: 0, 'limits missed': 1, broken: 2 }

/** The worse of two exit codes, the first of two alike: a broken run tells less than a missed limit. */
export function worseOf(a: number, b: number): number {
  return RANK[endOf(b)] > RANK[endOf(a)] ? b : a
}
