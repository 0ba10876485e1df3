import { studentEstimate } from '../statistics/index.ts'
import { crossing } from './crossing.ts'
import { curveCrossing } from './curve.ts'
import type { Crossing } from './curve.ts'
import type { Point, SearchOptions } from './types.ts'

/** Where the limit lies, with its interval. */
export interface LoadEstimate {
  load: number
  low: number | null
  high: number | null
  /** Number of runs behind the interval. */
  runs: number
  /** How far from `load`, on either side, a run tells most about it; in log load. */
  aside: number
  /** What sets the limit: the good share, or a server that completes no more (open loop). */
  by: 'share' | 'saturation'
}

/** How far from the crossing a run may lie and still count, in log load, before the slope is known. */
const WIDE = Math.log(1.5)
/** … the same where nearer runs cannot tell the slope. */
const MIDDLE = 0.22
/** … and once the slope is known: this many times the distance at which runs are made. */
const NEAR = 2.2
/** The good share on the two sides should differ by this, in logit, or their order is chance. */
const APART = 0.6
const [LEAST_ASIDE, MOST_ASIDE] = [0.03, 0.08]

/** Where the points, in ascending order of load, put the limit; undefined when all are on one side. */
export function estimate(
  points: readonly Point[],
  options: SearchOptions,
): LoadEstimate | undefined {
  const { target, confidence } = options
  const served = saturation(points, options)
  // A saturated load counts as missed, even where enough of the requests it completed were good.
  const judged = points.map((p) =>
    p.saturated ? { ...p, goodShare: Math.min(p.goodShare, 0.9 * target) } : p,
  )
  const about = crossing(judged, target)
  if (about === undefined) return undefined
  if (served !== undefined) return served
  const fit = (center: number, width: number, curvature?: number) =>
    curveCrossing(
      // Where the queue only grows, the share depends on the length of the run.
      points
        .filter((p) => !p.saturated && Math.abs(Math.log(p.load / center)) <= width)
        .flatMap((p) => p.runs),
      target,
      confidence,
      center,
      curvature,
    )
  const unknown = { load: about, low: null, high: null, runs: 0, by: 'share' as const }
  let found = fit(about, WIDE)
  if (found === undefined || Math.abs(Math.log(found.load / about)) > WIDE)
    return { ...unknown, ...between(points), aside: MOST_ASIDE }
  // Distant runs only say where to look: one load at which nothing is good would make the curve
  // steep and the interval narrow. So the window is narrowed step by step around the crossing.
  let near: Crossing | undefined
  for (let i = 0; i < 4; i++) {
    const width = Math.max(NEAR * asideOf(found), 1.5 * spacing(found.load, options))
    const next = fit(found.load, width)
    if (next === undefined || next.runs < 4) break
    if (Math.abs(Math.log(next.load / found.load)) > width) break
    found = near = next
  }
  const { load } = found
  const at = { load, aside: asideOf(found), by: 'share' as const }
  if (near !== undefined && near.low !== null)
    return { ...at, low: near.low, high: near.high, runs: near.runs }
  // Too few runs close by to tell the slope: a wider window shows how far it is known, not that it is enough.
  const middle = fit(load, MIDDLE, 0)
  const held = middle?.low && middle.low < load && (middle.high ?? 0) > load ? middle : undefined
  return { ...at, ...(held ? { low: held.low, high: held.high } : between(points)), runs: 0 }
}

/** How far from the crossing to run, on either side: closer where much is known, as curves bend. */
function asideOf({ load, low, high, slope }: Crossing): number {
  const enough = Math.min(MOST_ASIDE, Math.max(LEAST_ASIDE, APART / Math.abs(slope)))
  if (low === null || high === null) return enough
  const half = Math.log(Math.max(high / load, load / low))
  return Math.min(enough, Math.max(LEAST_ASIDE, 2 * half))
}

/** What is certain where no curve can be fitted: a load that was kept, and a higher one that was missed. */
function between(points: readonly Point[]): { low: number | null; high: number | null } {
  const missed = points.filter((p) => p.settled && (p.verdict === 'missed' || p.saturated))
  const high = missed.length === 0 ? null : Math.min(...missed.map((p) => p.load))
  const kept = points.filter((p) => p.settled && p.verdict === 'kept' && !p.saturated)
  const below = kept.map((p) => p.load).filter((load) => high === null || load < high)
  return high === null || below.length === 0
    ? { low: null, high: null }
    : { low: Math.max(...below), high }
}

/** Distance between neighbouring whole numbers, in log load; 0 for rates, which are not whole. */
function spacing(load: number, { unit }: SearchOptions): number {
  return unit === 'requests/s' ? 0 : Math.log((load + 1) / load)
}

/**
 * The limit where no load makes too many requests miss their limits before the server completes less
 * than arrives (as with a limit on TPOT alone): it is the most that the server completes.
 */
function saturation(points: readonly Point[], options: SearchOptions): LoadEstimate | undefined {
  const saturated = points.filter((p) => p.saturated)
  if (saturated.length === 0 || points.some((p) => p.goodShare < options.target)) return undefined
  const rates = saturated.flatMap((p) => p.runs.map((run) => (run.served / run.windowMs) * 1000))
  const n = rates.length
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / n
  const none = {
    load: mean,
    low: null,
    high: null,
    runs: n,
    aside: 0.15,
    by: 'saturation' as const,
  }
  if (n < 3) return none
  const error = Math.sqrt(rates.reduce((sum, r) => sum + (r - mean) ** 2, 0) / (n - 1) / n)
  // A full server's completions scatter no more than Poisson's, but three runs may agree by chance.
  const requests = rates.length * mean * 60
  const most = Math.max(error, mean / requests)
  const { low = null, high = null } = studentEstimate(mean, most, n - 1, n, options.confidence)
  return { ...none, low, high }
}
