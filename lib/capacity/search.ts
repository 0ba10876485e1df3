import { checkOptions } from './check.ts'
import { estimate } from './estimate.ts'
import type { LoadEstimate } from './estimate.ts'
import { drifts, FEW_RUNS, nearRun, settled, sweepRun } from './lengths.ts'
import { pointOf } from './point.ts'
import { resultOf } from './result.ts'
import { totals } from './totals.ts'
import type { CapacityResult, Measurement, Point, RunPlan, SearchOptions } from './types.ts'

/** Factor between the loads of the coarse sweep. */
const SWEEP = 2
/** The bisection ends when its ends are this close: the runs that follow are more exact. */
const BRACKET = 1.25
/**
 * The search ends after this many runs in a row that the client limited, both at the first look at a
 * load and close to loads that have already been run.
 */
const CLIENT_LIMITED = 2
const LATE_BY_CHANCE = 5
/** How often warm-ups are doubled because the good share still falls within the runs. */
const MOST_PATIENCE = 4

/** Follows the progress of a search. */
export interface Listener {
  point?: (point: Point, soFar: LoadEstimate | undefined) => void
  limited?: (note: string) => void
}

/**
 * Finds the highest load that keeps the limits.
 *
 * First a coarse sweep from `start` by factors of two: upwards until a load misses or saturates,
 * downwards while the first one does. Then a geometric bisection until the last load kept and the
 * first missed are within 25 %. Then runs on both sides of the result, with warm-ups as long as the
 * answers require, until its interval is as narrow as `precision`, or `maxRuns` or `maxMinutes` are
 * used up. The result is where a logistic curve through the runs close to it crosses the target.
 * @param measure runs a load and returns what it found
 * @param options loads, target, precision and the lengths of runs, see {@link SearchOptions}
 * @param tell is called after each run: with its load, all runs there and the estimate so far, or with
 *   the reason why the run says nothing
 * @returns the capacity with its interval, or as `status` why there is none
 * @throws RangeError that names every problem of the options
 */
export async function findCapacity(
  measure: (load: number, plan: RunPlan) => Promise<Measurement>,
  options: SearchOptions,
  tell: Listener = {},
): Promise<CapacityResult> {
  checkOptions(options)
  const measured = new Map<number, Measurement[]>()
  const notes: string[] = []
  const budgetMs = options.maxMinutes * 60_000
  let runs = 0
  let usedMs = 0
  let patience = 1
  let clientLimited = 0
  let last: LoadEstimate | undefined
  const whole = options.unit === 'requests in flight'

  const status = (await bracket()) ?? (await refine())
  return resultOf({
    options,
    status,
    points: points(),
    found: current(),
    runs,
    minutes: usedMs / 60_000,
    notes,
  })

  /** Sweep and bisection. @returns a status when the search ends with them */
  async function bracket(): Promise<CapacityResult['status'] | undefined> {
    let load = rounded(options.start)
    let kept: number | undefined
    let missed: number | undefined
    for (;;) {
      const good = await keeps(load)
      if (good === undefined) return over()
      if (good) kept = load
      else missed = load
      if (kept === undefined) {
        if (load <= options.min) return 'below all'
        load = Math.max(rounded(load / SWEEP), options.min)
      } else if (missed === undefined) {
        if (load >= options.max) return 'above all'
        load = Math.min(rounded(load * SWEEP), options.max)
      } else {
        load = rounded(Math.sqrt(kept * missed))
        if (missed / kept <= BRACKET || load <= kept || load >= missed) return undefined
      }
    }
  }

  /** Whether a load keeps the limits at a first look; undefined when the search must end. */
  async function keeps(load: number): Promise<boolean | undefined> {
    const e2eMs = [...measured.values()].flat().at(-1)?.e2eMeanMs ?? undefined
    const lengths = sweepRun(options, load, e2eMs)
    while (usedMs + lengths.warmupMs + lengths.measuredMs <= budgetMs && runs < options.maxRuns) {
      const point = await run(load, lengths)
      if (point !== undefined) return point.goodShare >= options.target && !point.saturated
      if (clientLimited >= CLIENT_LIMITED) return undefined
    }
    notes.push(`Ended after ${spent()}, the most that was allowed, before the limit was found.`)
    return undefined
  }

  /** Adds runs on both sides of the result until it is precise enough. */
  async function refine(): Promise<CapacityResult['status']> {
    const all = budgetMs - usedMs
    const first = runs
    while (runs < options.maxRuns && clientLimited < LATE_BY_CHANCE) {
      const found = current()
      if (found !== undefined && preciseEnough(found)) {
        const used = points().filter((p) => p.settled && !p.saturated)
        if (patience >= MOST_PATIENCE || !drifts(used.flatMap((p) => p.runs))) return 'found'
        patience *= 2
        notes.push(
          'The share of good requests fell within the runs: they were repeated with longer warm-ups.',
        )
      }
      const load = next()
      const at = points().find((p) => p.load === load && p.settled)
      if (load >= options.max && at?.verdict === 'kept' && !at.saturated) return 'above all'
      if (load <= options.min && (at?.verdict === 'missed' || at?.saturated)) return 'below all'
      const lengths = nearRun(options, load, e2eAtLimit(), patience, runs - first, {
        all,
        left: budgetMs - usedMs,
      })
      if (lengths === undefined) break
      await run(load, lengths)
    }
    if (clientLimited < LATE_BY_CHANCE)
      notes.push(
        `Ended after ${spent()}, the most that was allowed, before the capacity was known to ±${100 * options.precision} %: more of either makes it more exact.`,
      )
    return current() === undefined ? over() : 'imprecise'
  }

  function over(): CapacityResult['status'] {
    return clientLimited >= CLIENT_LIMITED ? 'client limited' : 'out of runs'
  }

  function spent(): string {
    return `${runs} runs with ${Math.round(usedMs / 60_000)} minutes of load`
  }

  async function run(load: number, lengths: Omit<RunPlan, 'index'>): Promise<Point | undefined> {
    usedMs += lengths.warmupMs + lengths.measuredMs
    const measurement = await measure(load, { index: runs++, ...lengths })
    if (measurement.clientLimit !== undefined) {
      clientLimited++
      const note = `${load} ${options.unit}: ${measurement.clientLimit}: this run says nothing about the server`
      if (!notes.includes(note)) notes.push(note)
      tell.limited?.(note)
      return undefined
    }
    clientLimited = 0
    measured.set(load, [...(measured.get(load) ?? []), measurement])
    const all = points().filter((p) => p.load === load)
    const point = all.find((p) => p.runs.includes(measurement)) as Point
    tell.point?.(point, current())
    return point
  }

  /** The estimate so far: from the runs whose warm-up was long enough, else from all. */
  function current(): LoadEstimate | undefined {
    const all = points()
    const enough = all.filter((p) => p.settled)
    const found = estimate(enough, options) ?? estimate(all, options)
    if (found !== undefined) return (last = found)
    // Repeats have moved all points to one side: the last estimate still says roughly where, not how exactly.
    return last && { ...last, low: null, high: null, runs: 0 }
  }

  function points(): Point[] {
    const e2eMs = e2eAtLimit()
    return [...measured]
      .sort(([a], [b]) => a - b)
      .flatMap(([, all]) =>
        [false, true].flatMap((enough) => {
          const these = all.filter((run) => settled(run, e2eMs, patience) === enough)
          return these.length === 0 ? [] : [pointOf(these, options, enough)]
        }),
      )
  }

  /** Mean E2E at the highest load that is kept, ms: above it answers only wait. */
  function e2eAtLimit(): number {
    const kept = [...measured]
      .map(([, all]) => pointOf(all, options))
      .filter((p) => p.goodShare >= options.target && !p.saturated)
      .sort((a, b) => b.load - a.load)
    const known = (kept[0]?.runs ?? []).flatMap((run) => run.e2eMeanMs ?? [])
    return known.length === 0 ? 0 : known.reduce((sum, ms) => sum + ms, 0) / known.length
  }

  function preciseEnough({ load, low, high, runs: used, by }: LoadEstimate): boolean {
    if (low === null || high === null) return false
    if (used < (by === 'share' ? FEW_RUNS : 3)) return false
    const most = 1 + options.precision
    if (load / low <= most && high / load <= most) return true
    // Nothing lies between two neighbouring whole numbers.
    return whole && Math.floor(high) - Math.floor(low) <= 1
  }

  /** The load whose run would tell most about the result. */
  function next(): number {
    const enough = points().filter((p) => p.settled)
    const found = estimate(enough, options)
    const oneOfAll = () => enough.length === 1 && estimate(points(), options) === undefined
    if (found === undefined && (enough.length > 1 || oneOfAll())) return bounded(beyond(enough))
    const { load, aside, by } = found ?? (current() as LoadEstimate)
    if (by === 'saturation')
      return enough.find((p) => p.saturated)?.load ?? bounded(load * Math.exp(aside))
    let below = load * Math.exp(-aside)
    let above = load * Math.exp(aside)
    if (whole) {
      below = Math.min(Math.floor(load), Math.round(below))
      above = Math.max(Math.floor(load) + 1, Math.round(above))
    }
    const about = enough.filter(
      (p) => !p.saturated && Math.abs(Math.log(p.load / load)) < 2 * aside,
    )
    const told = (side: (l: number) => boolean) =>
      totals(about.filter((p) => side(p.load)).flatMap((p) => p.runs)).judged
    const wanted = bounded(told((l) => l < load) <= told((l) => l >= load) ? below : above)
    // The same few loads are repeated, so that their shares become certain.
    const near = enough.filter((p) => Math.abs(Math.log(p.load / wanted)) < aside / 2)
    return whole ? wanted : (near.find((p) => p.load < load === wanted < load)?.load ?? wanted)
  }

  /** A load on the side without points, when repeats have moved all of them to the other. */
  function beyond(all: readonly Point[]): number {
    const top = all[all.length - 1] as Point
    const kept = top.goodShare >= options.target && !top.saturated
    return kept
      ? Math.max(top.load * 1.12, whole ? top.load + 1 : 0)
      : (all[0] as Point).load / 1.12 - (whole ? 0.5 : 0)
  }

  function bounded(load: number): number {
    return Math.min(options.max, Math.max(options.min, rounded(load)))
  }

  function rounded(load: number): number {
    // Three digits: nobody asks for 13.0718 requests/s, and k6 takes whole numbers per time unit.
    return whole ? Math.max(1, Math.round(load)) : Number(load.toPrecision(3))
  }
}
