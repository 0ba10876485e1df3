import { studentQuantile } from '../statistics/index.ts'
import { totals } from './totals.ts'
import type { Measurement, RunPlan, SearchOptions } from './types.ts'

/**
 * How long a queue close to the limit takes to build up, in mean answer lengths. Measured in virtual
 * time over nine servers (scripts/virtual): after 5 to 8 of them the good share is that of long runs.
 * A server whose answers take 15 s seems to carry 16 % more after a warm-up of 20 s.
 */
const SETTLE = 8
/** Requests that a run should judge: in the sweep, and close to the limit. */
const SWEEP_JUDGED = 60
const NEAR_JUDGED = 150
/** Measured time over warm-up for a run close to the limit: the warm-up is thrown away. */
const OVER_WARMUP = 4
/**
 * After this many runs close to the limit, further ones are longer by their first length, up to four
 * times it: such a search takes hours, and every warm-up is lost time.
 */
const GROW_AFTER = 16
const MOST_GROWTH = 4
/** Fewest runs close to the result for an interval. */
export const FEW_RUNS = 8

type Lengths = Omit<RunPlan, 'index'>

/** A first look at a load. @param e2eMs mean E2E of an answer, ms; undefined when not known yet */
export function sweepRun(options: SearchOptions, load: number, e2eMs: number | undefined): Lengths {
  const wanted = timeFor(SWEEP_JUDGED, options, load, e2eMs)
  const measuredMs = Math.max(options.durationMs, Math.min(wanted, 5 * options.durationMs))
  return { warmupMs: options.warmupMs, measuredMs: seconds(measuredMs) }
}

/**
 * A run close to the limit: warmed up until the queue has built up, and long enough to judge enough
 * requests, but short enough that several fit into the time allowed for them.
 * @param e2eMs mean E2E of an answer, ms
 * @param patience factor on the warm-up
 * @param before number of runs close to the limit so far
 * @param budgetMs time for all runs close to the limit, and how much of it is left
 * @returns undefined when not even a short run fits into what is left
 */
export function nearRun(
  options: SearchOptions,
  load: number,
  e2eMs: number,
  patience: number,
  before: number,
  budgetMs: { all: number; left: number },
): Lengths | undefined {
  const warmupMs = seconds(Math.max(options.warmupMs, patience * SETTLE * e2eMs))
  const wanted = Math.max(
    options.durationMs,
    OVER_WARMUP * warmupMs,
    timeFor(NEAR_JUDGED, options, load, e2eMs),
  )
  const fitting = Math.max(options.durationMs, budgetMs.all / FEW_RUNS - warmupMs)
  const growth = Math.min(MOST_GROWTH, 1 + Math.floor(before / GROW_AFTER))
  const measuredMs = seconds(Math.min(growth * wanted, fitting))
  return warmupMs + measuredMs > budgetMs.left ? undefined : { warmupMs, measuredMs }
}

/** Whether a run was warmed up for long enough. */
export function settled(run: Measurement, e2eMs: number, patience: number): boolean {
  // Far below the limit answers are shorter, and so is the warm-up that they need.
  const needed = patience * SETTLE * Math.min(e2eMs, run.e2eMeanMs ?? e2eMs)
  return run.warmupMs >= needed / 1.5
}

/**
 * Whether the good share falls within the runs, so that longer ones would find a lower limit: the last
 * third of each run against its first, by a one-sided t-test at 1 %.
 */
export function drifts(runs: readonly Measurement[]): boolean {
  const falls = runs.flatMap(({ stretches }) => {
    const third = Math.floor(stretches.length / 3)
    const [first, last] = [stretches.slice(0, third), stretches.slice(-third)].map(shareOf)
    return first === undefined || last === undefined ? [] : [first - last]
  })
  const n = falls.length
  if (n < FEW_RUNS) return false
  const mean = falls.reduce((sum, d) => sum + d, 0) / n
  const variance = falls.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1)
  return mean > studentQuantile(0.02, n - 1) * Math.sqrt(variance / n)
}

function shareOf(stretches: readonly { good: number; judged: number }[]): number | undefined {
  const { good, judged } = totals(stretches)
  return judged === 0 ? undefined : good / judged
}

/** Time in which this many requests arrive, ms. */
function timeFor(
  requests: number,
  { unit }: SearchOptions,
  load: number,
  e2eMs: number | undefined,
): number {
  return unit === 'requests/s' ? (requests / load) * 1000 : (requests / load) * (e2eMs ?? 0)
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000) * 1000
}
