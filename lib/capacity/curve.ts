import { studentQuantile } from '../analysis/index.ts'
import type { Measurement } from './types.ts'

/** Where a curve crosses the target, with its interval. */
export interface Crossing {
  load: number
  /** Null where the runs allow no interval: the curve may as well be flat. */
  low: number | null
  high: number | null
  /** Change of the share's logit for each e-fold of load; negative. */
  slope: number
  runs: number
}

/**
 * Where the good share crosses the target by a logistic curve in log load, fitted to the runs by
 * maximum likelihood (McCullagh and Nelder 1989, 4.4), with Fieller's interval (1954) of the crossing.
 *
 * Requests of a run are good or bad together, so runs, each with traffic of its own, are the samples:
 * variances are multiplied by Pearson's dispersion between runs (or between stretches inside of them,
 * if larger; never below that of independent requests), and Student's t has the degrees of freedom
 * of the runs.
 * @param about a load near to the crossing, for the numbers' sake
 * @returns undefined where the curve does not fall, or there are less than two loads
 */
export function curveCrossing(
  runs: readonly Measurement[],
  target: number,
  confidence: number,
  about: number,
): Crossing | undefined {
  const known = runs.filter((run) => run.judged > 0)
  const x = known.map((run) => Math.log(run.load / about))
  const loads = new Set(x)
  if (loads.size < 2) return undefined
  // Half a request of each kind a load keeps the fit finite where all are good or all bad.
  const share = known.map((run) => 0.5 / known.filter((other) => other.load === run.load).length)
  const n = known.map((run, i) => run.judged + 2 * (share[i] as number))
  const good = known.map((run, i) => run.good + (share[i] as number))
  const fit = fitLogistic(x, n, good)
  if (fit === undefined || fit.b >= 0) return undefined
  const p = (i: number) => 1 / (1 + Math.exp(-(fit.a + fit.b * (x[i] as number))))
  const df = known.length - 2
  const dispersion = Math.max(
    1,
    pearson(known.map((run, i) => ({ good: run.good, judged: run.judged, p: p(i) }))),
    pearson(known.flatMap((run, i) => run.stretches.map((s) => ({ ...s, p: p(i) })))),
  )
  const wanted = Math.log(target / (1 - target))
  const crossing = { load: about * Math.exp((wanted - fit.a) / fit.b), slope: fit.b }
  const none = { ...crossing, low: null, high: null, runs: known.length }
  if (df < 1) return none
  const t2 = studentQuantile(1 - confidence, df) ** 2 * dispersion
  // Fieller: all x with (a + bx - wanted)² ≤ t²·Var(a + bx).
  const A = fit.b ** 2 - t2 * fit.vbb
  const B = (fit.a - wanted) * fit.b - t2 * fit.vab
  const C = (fit.a - wanted) ** 2 - t2 * fit.vaa
  if (A <= 0) return none
  const root = Math.sqrt(Math.max(0, B * B - A * C))
  const [low, high] = [(-B - root) / A, (-B + root) / A].map((at) => about * Math.exp(at))
  return { ...none, low: low as number, high: high as number }
}

/** Pearson's χ² over its degrees of freedom; 0 where there are none. */
function pearson(cells: readonly { good: number; judged: number; p: number }[]): number {
  const known = cells.filter(({ judged }) => judged > 0)
  const chi2 = known.reduce(
    (sum, { good, judged, p }) => sum + (good - judged * p) ** 2 / (judged * p * (1 - p)),
    0,
  )
  return known.length > 2 ? chi2 / (known.length - 2) : 0
}

/** logit p = a + b·x by Newton's method, halving steps that make it less likely. */
function fitLogistic(x: readonly number[], n: readonly number[], good: readonly number[]) {
  const logLikelihood = (a: number, b: number) =>
    x.reduce((sum, xi, i) => {
      const eta = a + b * xi
      // log(1 + e^η) without overflow
      const log1p = eta > 0 ? eta + Math.log1p(Math.exp(-eta)) : Math.log1p(Math.exp(eta))
      return sum + (good[i] as number) * eta - (n[i] as number) * log1p
    }, 0)
  let [a, b] = [0, 0]
  let now = logLikelihood(a, b)
  for (let step = 0; step < 100; step++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0]
    x.forEach((xi, i) => {
      const p = 1 / (1 + Math.exp(-(a + b * xi)))
      const residual = (good[i] as number) - (n[i] as number) * p
      const weight = (n[i] as number) * p * (1 - p)
      ga += residual
      gb += residual * xi
      haa += weight
      hab += weight * xi
      hbb += weight * xi * xi
    })
    const det = haa * hbb - hab * hab
    if (!(det > 0)) return undefined
    const [da, db] = [(hbb * ga - hab * gb) / det, (haa * gb - hab * ga) / det]
    let size = 1
    let next = logLikelihood(a + da, b + db)
    while (!(next >= now) && size > 1e-6) {
      size /= 2
      next = logLikelihood(a + size * da, b + size * db)
    }
    a += size * da
    b += size * db
    if (!(next - now > 1e-10 * (1 + Math.abs(next))))
      return { a, b, vaa: hbb / det, vab: -hab / det, vbb: haa / det }
    now = next
  }
  return undefined
}
