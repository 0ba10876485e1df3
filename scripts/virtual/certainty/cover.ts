import type { Estimate, LimitKind } from '../../../lib/statistics/index.ts'
import { estimatesOf, estimatesOfSlices, FIGURES, stretchOf, valuesOf } from './figures.ts'
import type { Figure } from './figures.ts'
import { play } from './play.ts'
import type { Arrivals } from './traffic.ts'

/** What is played over and over: one cell of the table. */
export interface Cell {
  readonly arrivals: Arrivals
  /** Of the server, 0-1. */
  readonly use: number
  /** Requests per run. */
  readonly requests: number
}

/** How often intervals of a figure held, over the runs of a cell. */
export interface Coverage {
  /** Runs in which both bounds were given. */
  given: number
  covered: number
  /** Runs that call a limit at the truth kept: their bound on its side, given alone or not, keeps it. */
  falseKept: number
  /** Half the width of each interval, relative to the truth. */
  widths: number[]
}

export type Kind = 'records' | 'slices'
export type Coverages = Record<Kind, Record<Figure, Coverage>>

/** Requests before the first run of a stretch: the empty server fills up. */
export const WARM_UP = 10_000
/** Requests between two runs of a stretch, which then depend on each other less. */
const APART = 500
/** About as many requests are played at once. */
const STRETCH = 200_000

/** The figures of a very long run, seeded apart from the runs that are judged by them. */
export function truthOf(
  { arrivals, use }: Pick<Cell, 'arrivals' | 'use'>,
  requests: number,
): Record<Figure, number> {
  const run = play(arrivals, use, WARM_UP + requests, TRUTH_SEED)
  return valuesOf(stretchOf(run, WARM_UP, WARM_UP + requests))
}

const TRUTH_SEED = 1_000_003

/** Plays many runs of a cell and counts how often their intervals hold. */
export function cover(cell: Cell, runs: number, truth: Record<Figure, number>): Coverages {
  const counted: Coverages = { records: noneOfAll(), slices: noneOfAll() }
  const { arrivals, use, requests } = cell
  const each = requests + Math.min(requests, APART)
  const together = Math.max(1, Math.min(runs, Math.floor(STRETCH / each)))
  for (let done = 0, seed = 1; done < runs; seed++) {
    const played = play(arrivals, use, WARM_UP + each * together, seed)
    for (let i = 0; i < together && done < runs; i++, done++) {
      const from = WARM_UP + i * each
      const run = stretchOf(played, from, from + requests)
      const found = { records: estimatesOf(run), slices: estimatesOfSlices(run) }
      for (const kind of ['records', 'slices'] as const)
        for (const figure of FIGURES)
          count(counted[kind][figure], found[kind][figure], truth[figure], limitOf(figure))
    }
  }
  return counted
}

function noneOfAll(): Record<Figure, Coverage> {
  return Object.fromEntries(FIGURES.map((figure) => [figure, none()])) as Record<Figure, Coverage>
}

/** Counts of no run. */
export function none(): Coverage {
  return { given: 0, covered: 0, falseKept: 0, widths: [] }
}

/** Counts an interval of a figure whose truth is known. */
export function count(
  counted: Coverage,
  estimate: Estimate,
  truth: number,
  limit: LimitKind = 'atMost',
): void {
  const { low, high } = estimate
  const kept =
    limit === 'atMost' ? high !== undefined && high < truth : low !== undefined && low > truth
  if (kept) counted.falseKept++
  if (low === undefined || high === undefined) return
  counted.given++
  if (low <= truth && truth <= high) counted.covered++
  counted.widths.push((high - low) / 2 / truth)
}

/** Throughput is bounded from below. */
export function limitOf(figure: Figure): LimitKind {
  return figure === 'tokens_per_s' ? 'atLeast' : 'atMost'
}
