/**
 * Kolmogorov-Smirnov test of one sample against a distribution that is known in full.
 * @returns distance D = sup |F_n − F| and the asymptotic p-value with Stephens' correction
 *   ((√n + 0.12 + 0.11/√n)·D; Numerical Recipes, 14.3)
 */
export function ksTest(sample: readonly number[], cdf: (x: number) => number) {
  const sorted = [...sample].sort((a, b) => a - b)
  const n = sorted.length
  let distance = 0
  sorted.forEach((x, i) => {
    const p = cdf(x)
    distance = Math.max(distance, p - i / n, (i + 1) / n - p)
  })
  const t = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance
  let p = 0
  for (let k = 1; k <= 100; k++) p += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * t * t)
  return { distance, p: t < 0.2 ? 1 : Math.min(1, Math.max(0, p)) }
}

export const exponentialCdf = (mean: number) => (x: number) =>
  x <= 0 ? 0 : 1 - Math.exp(-x / mean)

/** Gamma distribution: regularised lower incomplete gamma function by its series or its fraction. */
export function gammaCdf(shape: number, scale: number): (x: number) => number {
  return (x) => (x <= 0 ? 0 : lowerGamma(shape, x / scale))
}

function lowerGamma(a: number, x: number): number {
  const front = Math.exp(-x + a * Math.log(x) - logGamma(a))
  if (x < a + 1) {
    let term = 1 / a
    let sum = term
    for (let n = 1; n < 1000 && Math.abs(term) > Math.abs(sum) * 1e-15; n++) {
      term *= x / (a + n)
      sum += term
    }
    return sum * front
  }
  let b = x + 1 - a
  let c = 1e300
  let d = 1 / b
  let h = d
  for (let i = 1; i < 1000; i++) {
    const an = -i * (i - a)
    b += 2
    d = 1 / (an * d + b)
    c = b + an / c
    h *= d * c
    if (Math.abs(d * c - 1) < 1e-15) break
  }
  return 1 - front * h
}

/** Lanczos (g = 7, n = 9). */
function logGamma(x: number): number {
  const c = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
    1.5056327351493116e-7,
  ]
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const y = x - 1
  const t = y + 7.5
  const sum = c.reduce((s, value, i) => (i === 0 ? value : s + value / (y + i)), 0)
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum)
}

/** Largest distance between the distributions of two samples, 0-1. */
export function ksDistance(a: readonly number[], b: readonly number[]): number {
  const [left, right] = [a, b].map((sample) => [...sample].sort((x, y) => x - y)) as [
    number[],
    number[],
  ]
  let [i, j, distance] = [0, 0, 0]
  while (i < left.length && j < right.length) {
    const x = Math.min(left[i]!, right[j]!)
    while (i < left.length && left[i]! <= x) i++
    while (j < right.length && right[j]! <= x) j++
    distance = Math.max(distance, Math.abs(i / left.length - j / right.length))
  }
  return distance
}
