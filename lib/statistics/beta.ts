import { gammaln } from 'simple-statistics'
import { rootOf } from './root.ts'

/**
 * I_x(a, b), the distribution function of a beta variable, by its continued fraction (Abramowitz and
 * Stegun 26.5.8, summed by Lentz's method).
 * @param a more than 0, and so is `b`
 */
export function regularizedBeta(x: number, a: number, b: number): number {
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

/** The x at which I_x(a, b) is `level`. @param level 0-1 */
export function betaQuantile(level: number, a: number, b: number): number {
  return rootOf((x) => regularizedBeta(x, a, b) - level, 0, 1, 1e-12)
}
