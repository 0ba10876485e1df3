import { studentQuantile, fitLogistic, logitAt, varianceAt } from '../statistics/index.ts'
import type { Fit } from '../statistics/index.ts'
import type { Measurement } from './types.ts'

/** Where a curve crosses the target, with its interval. */
export interface Crossing {
  load: number
  /** Null where the runs allow no interval: the curve may just as well be flat. */
  low: number | null
  high: number | null
  /** Change of the share's logit per e-fold of load; negative. */
  slope: number
  runs: number
}

/**
 * Prior standard deviation of the curvature, in units of the slope squared. Measured in virtual time:
 * -0.35 where the share is flat until the server is full, +0.4 where a queue sets in at once. In the
 * first case a straight line over 0.8 to 1.2 times the limit put the crossing 8 % too low.
 */
const CURVATURE = 0.4
/** Step of the search for the interval's ends, and how far it goes, in log load. */
const STEP = 0.001
const FURTHEST = 0.7

/**
 * Where the good share crosses the target by a logistic curve in log load, fitted to the runs by
 * maximum likelihood (McCullagh and Nelder 1989, 4.4). A curvature term held close to zero makes
 * distant runs count less. The interval holds every load at which the curve's own interval contains
 * the target (Fieller 1954).
 *
 * The requests of a run are good or bad together, so the samples are runs, each with its own traffic.
 * Variances are multiplied by Pearson's dispersion between runs (or between stretches within them,
 * if larger; never below that of independent requests), and Student's t has the degrees of freedom
 * of the runs.
 * @param about a load close to the crossing; keeps the numbers well conditioned
 * @param curvature prior standard deviation of the curvature over the slope squared; 0 = a straight line
 * @returns undefined where the curve does not fall, or with fewer than two loads
 */
export function curveCrossing(
  runs: readonly Measurement[],
  target: number,
  confidence: number,
  about: number,
  curvature = CURVATURE,
): Crossing | undefined {
  const known = runs.filter((run) => run.judged > 0)
  if (new Set(known.map((run) => run.load)).size < 2) return undefined
  // Half a request of each kind per load keeps the fit finite where all are good or all are bad.
  const extra = known.map((run) => 0.5 / known.filter((r) => r.load === run.load).length)
  const cells = known.map((run, i) => ({
    x: Math.log(run.load / about),
    n: run.judged + 2 * (extra[i] as number),
    good: run.good + (extra[i] as number),
  }))
  const straight = fitLogistic(cells, 1, Infinity)
  if (straight === undefined || straight.b >= 0) return undefined
  const precision = 1 / (curvature * straight.b ** 2) ** 2
  const dispersion = dispersionOf(known, about, straight)
  const bent = fitLogistic(cells, dispersion, precision)
  const wanted = Math.log(target / (1 - target))
  const fit = bent !== undefined && bent.b < 0 ? bent : straight
  const x = crossingOf(fit, wanted)
  if (x === undefined) return undefined
  const found = { load: about * Math.exp(x), slope: fit.b + 2 * fit.c * x, runs: known.length }
  const none = { ...found, low: null, high: null }
  const df = known.length - 2
  if (df < 1 || found.slope >= 0) return none
  const t = studentQuantile(1 - confidence, df)
  const away = (at: number) => (logitAt(fit, at) - wanted) / Math.sqrt(varianceAt(fit, at))
  const end = (direction: -1 | 1) => {
    for (let d = STEP; d < FURTHEST; d += STEP)
      if (-direction * away(x + direction * d) > t) return about * Math.exp(x + direction * d)
    return null
  }
  const [low, high] = [end(-1), end(1)]
  return low === null || high === null ? none : { ...found, low, high }
}

/** The crossing closest to 0, found by walking along the falling curve. */
function crossingOf({ a, b, c }: Fit, wanted: number): number | undefined {
  let x = 0
  for (let i = 0; i < 50; i++) {
    const slope = b + 2 * c * x
    if (!(slope < 0)) return undefined
    const step = (wanted - a - b * x - c * x * x) / slope
    x += Math.min(0.2, Math.max(-0.2, step))
    if (Math.abs(step) < 1e-9) return x
  }
  return undefined
}

/** How much more the shares scatter around the curve than those of independent requests would. */
function dispersionOf(runs: readonly Measurement[], about: number, fit: Fit): number {
  const p = (run: Measurement) => 1 / (1 + Math.exp(-logitAt(fit, Math.log(run.load / about))))
  const between = runs.map((run) => ({ good: run.good, judged: run.judged, p: p(run) }))
  const inside = runs.flatMap((run) => run.stretches.map((s) => ({ ...s, p: p(run) })))
  return Math.max(1, pearson(between), pearson(inside))
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
