import { studentQuantile } from '../analysis/index.ts'
import { crossing, fittedCrossing, kneeOf } from './crossing.ts'
import { pointOf } from './point.ts'
import type { CapacityResult, Measurement, Point, SearchOptions } from './types.ts'

/** Factor between the loads of the coarse sweep. */
const SWEEP = 2
/** How far to either side of the result runs are added: near enough to it, and apart enough. */
const ASIDE = 1.06
/** Runs near to the result that an interval takes at least. */
const FEW_RUNS = 8

/**
 * Finds the highest load that keeps the limits.
 *
 * First a coarse sweep from `start` by factors of two, upwards until a load is missed or saturates,
 * downwards while the first one is; then a bisection (geometric) between the last load kept and the
 * first missed. A load whose interval holds the target is run again, up to `repeats` times; the
 * bisection then goes by the share itself. Then runs are added to both sides of the result until its
 * interval is as narrow as `precision`, or `maxRuns` is reached. The result is where a logistic curve
 * through the points near to it crosses the target, else a monotone one.
 * @param measure runs a load for the `repeat`-th time (from 0)
 * @param onPoint told of each finished load
 * @throws RangeError with every problem of the options
 */
export async function findCapacity(
  measure: (load: number, repeat: number) => Promise<Measurement>,
  options: SearchOptions,
  onPoint: (point: Point) => void = () => {},
): Promise<CapacityResult> {
  checkOptions(options)
  const points = new Map<number, Point>()
  const notes: string[] = []
  let runs = 0
  let stopped: 'client limited' | 'out of runs' | undefined

  const end = await search()
  return resultOf(
    [...points.values()].sort((a, b) => a.load - b.load),
    end,
  )

  async function search(): Promise<CapacityResult['status']> {
    let load = rounded(options.start)
    let kept: number | undefined
    let missed: number | undefined
    while (kept === undefined || missed === undefined) {
      const good = await keeps(load)
      if (good === undefined) return stopped as 'out of runs'
      if (good) kept = load
      else missed = load
      const next = rounded(good ? load * SWEEP : load / SWEEP)
      if (good && missed === undefined) {
        if (load >= options.max) return 'above all'
        load = Math.min(next, options.max)
      } else if (!good && kept === undefined) {
        if (load <= options.min) return 'below all'
        load = Math.max(next, options.min)
      }
    }
    while (missed / kept > 1 + options.precision) {
      const middle = rounded(Math.sqrt(kept * missed))
      if (middle <= kept || middle >= missed) break
      const good = await keeps(middle)
      if (good === undefined) return stopped as 'out of runs'
      if (good) kept = middle
      else missed = middle
    }
    await refine()
    return 'found'
  }

  /** Adds runs on both sides of the result until it is known well enough. */
  async function refine(): Promise<void> {
    if (options.unit !== 'requests/s') return
    const repeats = new Map<number, number>()
    for (let side = 0; runs < options.maxRuns; side = 1 - side) {
      const { load, half } = estimate([...points.values()]) ?? {}
      if (half !== undefined && half <= Math.log(1 + options.precision)) return
      // The same few loads again and again, so that their shares become sure.
      const wanted = load === undefined ? beyond() : side === 0 ? load / ASIDE : load * ASIDE
      if (wanted < options.min || wanted > options.max) return
      const known = [...points.keys()].filter((l) => Math.abs(Math.log(l / wanted)) < 0.03)
      const next = Math.min(options.max, Math.max(options.min, known[0] ?? rounded(wanted)))
      const repeat = repeats.get(next) ?? points.get(next)?.runs.length ?? 0
      repeats.set(next, repeat + 1)
      runs++
      const measurement = await measure(next, repeat)
      if (measurement.clientLimit !== undefined) {
        notes.push(clientNote(next, measurement.clientLimit))
        return
      }
      const point = pointOf([...(points.get(next)?.runs ?? []), measurement], options)
      points.set(next, point)
      onPoint(point)
    }
    notes.push(
      `ended after ${runs} runs, the most that were allowed, before the interval was as narrow as asked`,
    )
  }

  /** A load on the side that is missing, when repeats have made all points fall on one. */
  function beyond(): number {
    const loads = [...points.keys()]
    const top = points.get(Math.max(...loads)) as Point
    const kept = top.goodShare >= options.target && !top.saturated
    return kept ? top.load * ASIDE ** 2 : Math.min(...loads) / ASIDE ** 2
  }

  function clientNote(load: number, limit: string): string {
    return `${load} ${options.unit}: ${limit}: this load says nothing of the server`
  }

  /** Where the target is crossed, and half of the interval of its logarithm where that is known. */
  function estimate(all: readonly Point[]): { load: number; half?: number } | undefined {
    // A saturated load misses, also where enough of the requests that it did complete were good.
    const most = 0.9 * options.target
    const judged = [...all]
      .sort((a, b) => a.load - b.load)
      .map((p) => (p.saturated ? { ...p, goodShare: Math.min(p.goodShare, most) } : p))
    const load = crossing(judged, options.target)
    if (load === undefined) return undefined
    const fitted = fittedCrossing(judged, options.target, load)
    // A few runs that happen to agree are not yet sure.
    if (fitted === undefined || fitted.runs < FEW_RUNS) return { load: fitted?.load ?? load }
    const t = studentQuantile(1 - options.confidence, fitted.runs - 2)
    return { load: fitted.load, half: t * fitted.logError }
  }

  /** Whether a load keeps the limits; undefined when the search must end. */
  async function keeps(load: number): Promise<boolean | undefined> {
    const found: Measurement[] = []
    for (let repeat = 0; repeat < options.repeats; repeat++) {
      if (runs >= options.maxRuns) {
        stopped = 'out of runs'
        notes.push(`ended after ${runs} runs, the most that were allowed`)
        break
      }
      runs++
      const measurement = await measure(load, repeat)
      if (measurement.clientLimit !== undefined) {
        stopped = 'client limited'
        notes.push(
          `${load} ${options.unit}: ${measurement.clientLimit}: this load says nothing of the server`,
        )
        break
      }
      found.push(measurement)
      points.set(load, pointOf(found, options))
      const point = points.get(load) as Point
      // Saturation needs no second look: what is more can only be worse.
      if (point.verdict !== 'unsure' || point.saturated) break
    }
    const point = points.get(load)
    if (found.length === 0 || point === undefined) return undefined
    onPoint(point)
    return point.goodShare >= options.target && !point.saturated
  }

  function rounded(load: number): number {
    // Three digits: no one asks for 13.0718 requests a second, and k6 counts in whole ones a unit.
    return options.unit === 'requests/s'
      ? Number(load.toPrecision(3))
      : Math.max(1, Math.round(load))
  }

  function resultOf(all: Point[], status: CapacityResult['status']): CapacityResult {
    const { load: found, half } = estimate(all) ?? {}
    const factor = half === undefined ? undefined : Math.exp(half)
    const sure = all.filter((p) => p.verdict === 'kept' && !p.saturated).map((p) => p.load)
    const lost = all.filter((p) => p.verdict === 'missed' || p.saturated).map((p) => p.load)
    const surelyMissed = lost.length === 0 ? null : Math.min(...lost)
    const below = sure.filter((load) => surelyMissed === null || load < surelyMissed)
    const knee = kneeOf(all)
    return {
      format: 'k6-inference-capacity',
      version: 1,
      unit: options.unit,
      target: options.target,
      confidence: options.confidence,
      capacity: found ?? null,
      low: found === undefined || factor === undefined ? null : found / factor,
      high: found === undefined || factor === undefined ? null : found * factor,
      surelyKept: below.length === 0 ? null : Math.max(...below),
      surelyMissed,
      status,
      goodPerS: found === undefined ? null : (between(all, found, (p) => p.goodPerS) ?? null),
      outputTokensPerS: found === undefined ? null : (between(all, found, tokens) ?? null),
      knee: knee === undefined ? null : { load: knee.load, completedPerS: knee.completedPerS },
      points: all,
      runs,
      notes,
    }
  }
}

function tokens(point: Point): number | undefined {
  const known = point.runs.flatMap((run) => run.outputTokensPerS ?? [])
  return known.length === 0 ? undefined : known.reduce((sum, n) => sum + n, 0) / known.length
}

/** A figure at a load between points, linear. */
function between(
  points: readonly Point[],
  load: number,
  of: (point: Point) => number | undefined,
): number | undefined {
  const above = points.findIndex((point) => point.load >= load)
  const [from, to] = [points[Math.max(0, above - 1)], points[above]]
  if (from === undefined || to === undefined) return undefined
  const [a, b] = [of(from), of(to)]
  if (a === undefined || b === undefined) return undefined
  return from.load === to.load ? a : a + ((b - a) * (load - from.load)) / (to.load - from.load)
}

function checkOptions(options: SearchOptions): void {
  const problems: string[] = []
  const { min, max, start, target, confidence, precision, repeats, maxRuns } = options
  if (!(min > 0 && max >= min))
    problems.push(`loads from ${min} to ${max}; above 0 and ascending are accepted`)
  if (!(start >= min && start <= max))
    problems.push(`the start ${start} lies outside of ${min} to ${max}`)
  if (!(target > 0 && target < 1))
    problems.push(`the share of good requests is ${target}; above 0 and below 1 is accepted`)
  if (!(confidence >= 0.5 && confidence < 1))
    problems.push(`the confidence is ${confidence}; from 0.5 to below 1 is accepted`)
  if (!(precision > 0 && precision <= 1))
    problems.push(`the precision is ${precision}; above 0 up to 1 is accepted`)
  if (!(Number.isInteger(repeats) && repeats >= 1))
    problems.push(`${repeats} repeats; a whole number from 1 is accepted`)
  if (!(Number.isInteger(maxRuns) && maxRuns >= 1))
    problems.push(`${maxRuns} runs at most; a whole number from 1 is accepted`)
  if (problems.length > 0) throw new RangeError(problems.join('\n'))
}
