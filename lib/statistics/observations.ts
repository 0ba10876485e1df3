import type { Strata, Stratum } from './strata.ts'

/** Samples of one series, in any order, with the times at which they were taken. */
export interface Observations {
  readonly values: ArrayLike<number>
  /**
   * When each value came up, ms on one clock: for a request, when it was due or sent. Undefined where the
   * values are known to be independent, as the results of separate runs are; requests to one server are not.
   */
  readonly timesMs: ArrayLike<number> | undefined
  /**
   * The number of the plan's phase that each value belongs to, where there are several, 0 to 255: what differs
   * between phases is the plan's, not chance. Undefined: one phase.
   */
  readonly phases?: ArrayLike<number> | undefined
  /** Whether waits in a server's queue are in the values: then large ones come in rushes. */
  readonly queued?: boolean | undefined
}

/** Cells that a phase is cut into at most; the shortest waves are several cells long. */
const MOST_CELLS = 128
/** Mean number of values per cell below which there are fewer cells. */
const PER_CELL = 4

/** The cell of each value. */
export interface Cells {
  readonly of: Uint16Array
  readonly count: number
  readonly strata: Strata
}

/**
 * The cell of each value: equal stretches of the time from the first to the last, in each phase.
 * @returns undefined without times
 */
export function cellsOf({ values, timesMs, phases }: Observations): Cells | undefined {
  if (timesMs === undefined) return undefined
  const n = values.length
  if (timesMs.length !== n) throw new RangeError(`${n} values with ${timesMs.length} times`)
  const spans = spansOf(timesMs, phases)
  const strata: Stratum[] = []
  let count = 0
  spans.forEach((span) => {
    span.from = count
    span.cells = Math.max(1, Math.min(MOST_CELLS, Math.floor(span.values / PER_CELL)))
    count += span.cells
    strata.push({ cells: span.cells, samples: span.values })
  })
  const of = new Uint16Array(n)
  for (let i = 0; i < n; i++) {
    const { first, last, from, cells } = spans[
      phases === undefined ? 0 : (phases[i] as number)
    ] as Span
    const cell =
      last > first ? Math.floor(((timesMs[i] as number) - first) / ((last - first) / cells)) : 0
    of[i] = from + Math.min(cells - 1, cell)
  }
  return { of, count, strata }
}

interface Span {
  first: number
  last: number
  values: number
  /** Number of its first cell, and how many there are. */
  from: number
  cells: number
}

/** First and last time of each phase; a phase without values is left out. */
function spansOf(timesMs: ArrayLike<number>, phases: ArrayLike<number> | undefined): Span[] {
  const spans: Span[] = []
  for (let i = 0; i < timesMs.length; i++) {
    const at = timesMs[i] as number
    const span = (spans[phases === undefined ? 0 : (phases[i] as number)] ??= {
      first: at,
      last: at,
      values: 0,
      from: 0,
      cells: 0,
    })
    if (at < span.first) span.first = at
    if (at > span.last) span.last = at
    span.values++
  }
  return spans
}
