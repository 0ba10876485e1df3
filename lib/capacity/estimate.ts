import { studentQuantile } from '../analysis/index.ts'
import { crossing } from './crossing.ts'
import { curveCrossing } from './curve.ts'
import type { Point, SearchOptions } from './types.ts'

export interface Estimate {
  load: number
  low: number | null
  high: number | null
  /** Runs that the interval rests on. */
  runs: number
  /** How far to either side of `load` runs say most of it, as a logarithm. */
  aside: number
  /** What sets the limit: the good share, or that the server serves no more (open loop). */
  by: 'share' | 'saturation'
}

/** Points further from the crossing than this (as a logarithm) do not speak for the curve there. */
const WIDE = Math.log(1.5)
const NARROW = 0.15
/**
 * The sides of the crossing should differ by this in the share's logit: less leaves the slope
 * unknown, more leaves the stretch where the curve is straight.
 */
const APART = 0.8

/** Where the points, in the order of load, say that the limit lies; undefined when all are on one side. */
export function estimate(points: readonly Point[], options: SearchOptions): Estimate | undefined {
  const { target, confidence } = options
  const served = saturation(points, options)
  // A saturated load misses, also where enough of the requests that it did complete were good.
  const judged = points.map((p) =>
    p.saturated ? { ...p, goodShare: Math.min(p.goodShare, 0.9 * target) } : p,
  )
  const about = crossing(judged, target)
  if (about === undefined) return undefined
  if (served !== undefined) return served
  const fit = (center: number, width: number) =>
    curveCrossing(
      // Where a queue only grows, the share depends on the length of the run.
      points
        .filter((p) => !p.saturated && Math.abs(Math.log(p.load / center)) <= width)
        .flatMap((p) => p.runs),
      target,
      confidence,
      center,
    )
  const wide = fit(about, WIDE)
  if (wide === undefined || Math.abs(Math.log(wide.load / about)) > WIDE)
    return { load: about, low: null, high: null, runs: 0, aside: 0.1, by: 'share' }
  const aside = asideOf(wide.slope)
  const width = Math.max(NARROW, 2.5 * aside, 1.5 * spacing(about, options))
  const near = fit(about, width)
  const found = near !== undefined && near.runs > 3 ? near : wide
  if (Math.abs(Math.log(found.load / about)) > WIDE)
    return { load: about, low: null, high: null, runs: 0, aside, by: 'share' }
  const { load, low, high, runs } = found
  return { load, low, high, runs, aside: asideOf(found.slope), by: 'share' }
}

function asideOf(slope: number): number {
  return Math.min(0.15, Math.max(0.05, APART / Math.abs(slope)))
}

/** Whole numbers lie so far from each other. */
function spacing(load: number, { unit }: SearchOptions): number {
  return unit === 'requests/s' ? 0 : Math.log((load + 1) / load)
}

/**
 * Where no load lets too many requests miss the limits until the server completes less than comes
 * (as with a limit on TPOT alone): the most that it completes is the limit.
 */
function saturation(points: readonly Point[], options: SearchOptions): Estimate | undefined {
  const saturated = points.filter((p) => p.saturated)
  if (saturated.length === 0 || points.some((p) => p.goodShare < options.target)) return undefined
  const rates = saturated.flatMap((p) => p.runs.map((run) => (run.completed / run.windowMs) * 1000))
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
  // Completions of a full server are at the most as uneven as Poisson's, but three runs may agree.
  const requests = rates.length * mean * 60
  const half = studentQuantile(1 - options.confidence, n - 1) * Math.max(error, mean / requests)
  return { ...none, low: mean - half, high: mean + half }
}
