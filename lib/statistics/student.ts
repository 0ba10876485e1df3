import { gammaln } from 'simple-statistics'

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

/** I_x(a, b) by its continued fraction (A&S 26.5.8, summed by Lentz's method). */
function regularizedBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast only below the mean; above it, symmetry is used.
  if (x > (a + 1) / (a + b + 2)) return 1 - regularizedBeta(1 - x, b, a)
  const front = Math.exp(
    gammaln(a + b) - gammaln(a) - gammaln(b) + a * Math.log(x) + b * Math.log(1 - x),
  )
  const tiny = 1e-300
  const notZero = (value: number) => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / notZero(1 - ((a + b) * x) / (a + 1))
  let sum = d
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / notZero(1 + even * d)
    c = notZero(1 + even / c)
    sum *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / notZero(1 + odd * d)
    c = notZero(1 + odd / c)
    const step = d * c
    sum *= step
    if (Math.abs(step - 1) < 1e-14) break
  }
  return (front * sum) / a
}
