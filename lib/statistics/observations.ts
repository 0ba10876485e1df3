/** Samples of one series, in any order, with the times at which they were taken. */
export interface Observations {
  readonly values: ArrayLike<number>
  /**
   * When each value came up, ms on one clock: for a request, when it was due or sent. Undefined where the
   * values are known to be independent, as the results of separate runs are; requests to one server are not.
   */
  readonly timesMs: ArrayLike<number> | undefined
}

/** Cells that a run is cut into at most; the shortest waves are several cells long. */
const MOST_CELLS = 128
/** Mean number of values per cell below which there are fewer cells. */
const PER_CELL = 4

/** The cell of each value. */
export interface Cells {
  readonly of: Uint8Array
  readonly count: number
}

/**
 * The cell of each value: equal stretches of the time from the first to the last.
 * @returns undefined without times
 */
export function cellsOf({ values, timesMs }: Observations): Cells | undefined {
  if (timesMs === undefined) return undefined
  const n = values.length
  if (timesMs.length !== n) throw new RangeError(`${n} values with ${timesMs.length} times`)
  let [first, last] = [Infinity, -Infinity]
  for (let i = 0; i < n; i++) {
    const at = timesMs[i] as number
    if (at < first) first = at
    if (at > last) last = at
  }
  const count = Math.max(1, Math.min(MOST_CELLS, Math.floor(n / PER_CELL)))
  const of = new Uint8Array(n)
  if (last > first) {
    for (let i = 0; i < n; i++) {
      const cell = Math.floor(((timesMs[i] as number) - first) / ((last - first) / count))
      of[i] = Math.min(count - 1, cell)
    }
  }
  return { of, count }
}
