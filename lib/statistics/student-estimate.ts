import { noEstimate } from './estimate.ts'
import type { Estimate } from './estimate.ts'
import { studentQuantile } from './student.ts'

/**
 * A value with Student's interval.
 * @param error standard error of the value; undefined where it is not known, and 0 where nothing varies
 * @param df its degrees of freedom
 * @param samples what the value is of
 * @param confidence 0-1, two-sided
 */
export function studentEstimate(
  value: number | undefined,
  error: number | undefined,
  df: number,
  samples: number,
  confidence = 0.95,
): Estimate {
  const none = { ...noEstimate(confidence, samples), value }
  if (value === undefined || error === undefined) return none
  const half = error === 0 ? 0 : error * studentQuantile(1 - confidence, df)
  return { ...none, low: value - half, high: value + half }
}
