/** logit p = a + b·x + c·x², with the covariance of (a, b, c). */
export interface Fit {
  a: number
  b: number
  c: number
  covariance: readonly (readonly [number, number, number])[]
}

type Three = [number, number, number]

/**
 * Fits logit p = a + b·x + c·x² by Newton's method; a step is halved while it lowers the likelihood.
 * @param cells `good` of `n` requests at each x
 * @param dispersion the variance of the data over the binomial variance
 * @param precision 1 / prior variance of c; Infinity for c = 0
 * @returns undefined where the cells do not determine the curve
 */
export function fitLogistic(
  cells: readonly { x: number; n: number; good: number }[],
  dispersion: number,
  precision: number,
): Fit | undefined {
  const straight = precision === Infinity
  const rows = cells.map(({ x }): Three => [1, x, straight ? 0 : x * x])
  // Where c is not wanted it gets its own equation, c = 0.
  const prior = straight ? 1 : precision
  const eta = (row: Three, [a, b, c]: Three) => a * row[0] + b * row[1] + c * row[2]
  const likelihood = (at: Three) =>
    cells.reduce(
      (sum, { n, good }, i) => {
        const e = eta(rows[i] as Three, at)
        // log(1 + e^η) without overflow
        const log1p = e > 0 ? e + Math.log1p(Math.exp(-e)) : Math.log1p(Math.exp(e))
        return sum + (good * e - n * log1p) / dispersion
      },
      -0.5 * prior * at[2] ** 2,
    )
  let at: Three = [0, 0, 0]
  let now = likelihood(at)
  for (let step = 0; step < 100; step++) {
    const gradient: Three = [0, 0, -prior * at[2]]
    const hessian: Three[] = [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, prior],
    ]
    cells.forEach(({ n, good }, i) => {
      const row = rows[i] as Three
      const p = 1 / (1 + Math.exp(-eta(row, at)))
      for (let j = 0; j < 3; j++) {
        gradient[j]! += ((good - n * p) * row[j]!) / dispersion
        for (let k = 0; k < 3; k++)
          hessian[j]![k]! += (n * p * (1 - p) * row[j]! * row[k]!) / dispersion
      }
    })
    const covariance = inverse(hessian as [Three, Three, Three])
    if (covariance === undefined) return undefined
    const move = covariance.map((r) => r[0] * gradient[0] + r[1] * gradient[1] + r[2] * gradient[2])
    let size = 1
    const moved = (): Three => [0, 1, 2].map((j) => at[j]! + size * move[j]!) as Three
    while (!(likelihood(moved()) >= now) && size > 1e-6) size /= 2
    const next = likelihood(moved())
    at = moved()
    if (!(next - now > 1e-10 * (1 + Math.abs(next))))
      return { a: at[0], b: at[1], c: at[2], covariance }
    now = next
  }
  return undefined
}

/** The curve at x: logit p. */
export function logitAt({ a, b, c }: Fit, x: number): number {
  return a + b * x + c * x * x
}

/** Variance of the curve at x, in logits. */
export function varianceAt({ covariance }: Fit, x: number): number {
  const row: Three = [1, x, x * x]
  return row.reduce(
    (sum, rj, j) => sum + row.reduce((all, rk, k) => all + rj * rk * covariance[j]![k]!, 0),
    0,
  )
}

/** Inverse of a 3x3 matrix by cofactors. */
function inverse([[a, b, c], [d, e, f], [g, h, i]]: [Three, Three, Three]): Three[] | undefined {
  const det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
  if (!(Math.abs(det) > 0) || !Number.isFinite(det)) return undefined
  return [
    [(e * i - f * h) / det, (c * h - b * i) / det, (b * f - c * e) / det],
    [(f * g - d * i) / det, (a * i - c * g) / det, (c * d - a * f) / det],
    [(d * h - e * g) / det, (b * g - a * h) / det, (a * e - b * d) / det],
  ]
}
