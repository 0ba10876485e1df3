import { studentQuantile } from './student.ts'

/** Degrees of freedom at which Student's t is the normal distribution. */
const MANY = 1e6

/**
 * A quantile of the chi-squared distribution (Wilson and Hilferty, "The distribution of chi-square", 1931): within
 * 1 % from two degrees of freedom on, and 4 % with one, at the 99th percentile.
 * @param p 0.5-1
 * @param df degrees of freedom, at least 1
 */
export function chiSquareQuantile(p: number, df: number): number {
  const normal = studentQuantile(2 * (1 - p), MANY)
  const part = 2 / (9 * df)
  return df * (1 - part + normal * Math.sqrt(part)) ** 3
}
