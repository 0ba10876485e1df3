import { kneeOf } from './crossing.ts'
import type { LoadEstimate } from './estimate.ts'
import type { CapacityResult, Point, SearchOptions } from './types.ts'
import { meanWorkload } from './workload.ts'

/** Builds the result from what the search found. */
export function resultOf(search: {
  options: SearchOptions
  status: CapacityResult['status']
  /** In ascending order of load. */
  points: Point[]
  found: LoadEstimate | undefined
  runs: number
  minutes: number
  notes: string[]
}): CapacityResult {
  const { options, status, points, runs, minutes, notes } = search
  const found = status === 'found' || status === 'imprecise' ? search.found : undefined
  // In whole requests in flight: this many keep the limits, one more does not.
  const exact = (load: number | null | undefined) =>
    load === undefined || load === null
      ? null
      : options.unit === 'requests/s'
        ? load
        : Math.floor(load)
  const [capacity, low, high] = [exact(found?.load), exact(found?.low), exact(found?.high)]
  const sure = points.filter((p) => p.verdict === 'kept' && !p.saturated && p.settled)
  const lost = points.filter((p) => p.verdict === 'missed' || p.saturated)
  const surelyMissed = lost.length === 0 ? null : Math.min(...lost.map((p) => p.load))
  const below = sure.filter(({ load }) => surelyMissed === null || load < surelyMissed)
  const enough = points.filter((p) => p.settled)
  const curve = enough.length > 1 ? enough : points
  const knee = kneeOf(curve)
  const surelyKept = below.length === 0 ? null : Math.max(...below.map((p) => p.load))
  const perReplica = low || surelyKept || capacity || null
  const at = (of: (point: Point) => number | undefined) =>
    perReplica === null ? null : (between(curve, perReplica, of) ?? null)
  return {
    format: 'k6-inference-capacity',
    version: 1,
    unit: options.unit,
    target: options.target,
    confidence: options.confidence,
    capacity,
    low,
    high,
    precision:
      !capacity || !low || high === null ? null : Math.max(high / capacity, capacity / low) - 1,
    precisionAsked: options.precision,
    surelyKept,
    surelyMissed,
    status,
    perReplica,
    goodPerS: at((p) => p.goodPerS),
    outputTokensPerS: at(tokens),
    workload: meanWorkload(curve.flatMap((p) => p.runs)),
    knee: knee === undefined ? null : { load: knee.load, servedPerS: knee.servedPerS },
    points,
    runs,
    minutes,
    notes,
  }
}

function tokens(point: Point): number | undefined {
  const known = point.runs.flatMap((run) => run.outputTokensPerS ?? [])
  return known.length === 0 ? undefined : known.reduce((sum, n) => sum + n, 0) / known.length
}

/**
 * Throughput at a load: linear between points; below the first point in proportion to the load; above
 * the last that of the last.
 */
function between(
  points: readonly Point[],
  load: number,
  of: (point: Point) => number | undefined,
): number | undefined {
  const above = points.findIndex((point) => point.load >= load)
  const to = points[above] ?? points[points.length - 1]
  const from = points[above - 1]
  if (to === undefined) return undefined
  const b = of(to)
  if (b === undefined || to.load <= load) return b
  if (from === undefined) return (b * load) / to.load
  const a = of(from)
  return a === undefined ? undefined : a + ((b - a) * (load - from.load)) / (to.load - from.load)
}
