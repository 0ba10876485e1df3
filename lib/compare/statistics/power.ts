import { studentQuantile } from '../../statistics/index.ts'

/** How often a change of the stated size would be found. */
const POWER = 0.9

/** What is known about a figure's change, on its scale. */
export interface Precision {
  scale: 'ratio' | 'difference'
  /** Standard error: of log(after / before) for ratios, else in the figure's unit. */
  error: number
  df: number
}

/**
 * The smallest change that a comparison like this one finds in 9 of 10 cases: large enough for the
 * test, (t(level) + t(0.9)) · SE, and large enough to be seen above the smallest that counts.
 * @param level two-sided level of the strictest test: alpha / tests, where Holm begins
 * @param least smallest change that counts as a finding
 * @returns after / before - 1 for an increase, or a difference for shares
 */
export function detectable(precision: Precision, level: number, least: number): number {
  const [test, seen] = parts(precision, level)
  const log = precision.scale === 'ratio'
  const size = Math.max(test, (log ? Math.log1p(least) : least) + seen)
  return log ? Math.expm1(size) : size
}

/**
 * How many times as much has to be measured until a change of this size is found in 9 of 10 cases:
 * variances fall with the measured time and with the number of repeats.
 * @returns undefined where the change is no larger than the smallest that counts
 */
export function timesAsMuch(
  precision: Precision,
  level: number,
  least: number,
  change: number,
): number | undefined {
  if (change <= least) return undefined
  const [test, seen] = parts(precision, level)
  const log = precision.scale === 'ratio'
  const size = log ? Math.log1p(change) : change
  const above = size - (log ? Math.log1p(least) : least)
  return Math.max(test / size, seen / above) ** 2
}

/** How many standard errors a change must lie from 0, and from `least`, to be found this often. */
function parts({ error, df }: Precision, level: number): [test: number, seen: number] {
  if (error === 0) return [0, 0]
  const seen = studentQuantile(2 * (1 - POWER), df) * error
  return [studentQuantile(level, df) * error + seen, seen]
}
