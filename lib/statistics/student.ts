import { regularizedBeta } from './beta.ts'

/**
 * Two-sided p-value of Student's t: P(|T| > |t|) = I_x(df/2, 1/2) with x = df / (df + t²)
 * (Abramowitz and Stegun 26.7.1 and 26.5.27).
 * @param df degrees of freedom, any number > 0
 */
export function studentP(t: number, df: number): number {
  if (Number.isNaN(t)) return NaN
  return t === 0 ? 1 : regularizedBeta(df / (df + t * t), df / 2, 0.5)
}

/** The t that |T| exceeds with probability `alpha`. @param df degrees of freedom, any number > 0 */
export function studentQuantile(alpha: number, df: number): number {
  const key = `${alpha} ${df}`
  const known = quantiles.get(key)
  if (known !== undefined) return known
  if (quantiles.size >= MOST_KEPT) quantiles.clear()
  const found = bisected(alpha, df)
  quantiles.set(key, found)
  return found
}

/** Degrees of freedom at which Student's t is the normal distribution, to 3e-6 of its quantiles. */
const NORMAL = 1e6

/** The z that |Z| exceeds with probability `alpha`, of the normal distribution. */
export function normalQuantile(alpha: number): number {
  return studentQuantile(alpha, NORMAL)
}

/** Quantiles already found: levels and degrees of freedom are few, and each takes 0.1 ms. */
const quantiles = new Map<string, number>()
const MOST_KEPT = 1000

function bisected(alpha: number, df: number): number {
  let high = 1
  while (studentP(high, df) > alpha && high < 1e12) high *= 2
  let low = 0
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (studentP(middle, df) > alpha) low = middle
    else high = middle
  }
  return (low + high) / 2
}
