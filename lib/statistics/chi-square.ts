import { normalQuantile } from './student.ts'

/**
 * A quantile of the chi-squared distribution (Wilson and Hilferty, "The distribution of chi-square", 1931): within
 * 1 % from two degrees of freedom on, and 4 % with one, at the 99th percentile.
 * @param p 0.5-1
 * @param df degrees of freedom, at least 1
 */
export function chiSquareQuantile(p: number, df: number): number {
  const normal = normalQuantile(2 * (1 - p))
  const part = 2 / (9 * df)
  return df * (1 - part + normal * Math.sqrt(part)) ** 3
}
