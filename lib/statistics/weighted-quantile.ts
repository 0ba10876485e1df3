import { percentileOf } from './percentile.ts'

/** The values of a timing in ascending order, each with the cell of time it belongs to. */
export interface SortedValues {
  readonly values: Float64Array
  readonly cells: Int32Array
}

/** With fewer values than this, all are scanned. */
const FEW = 2000
/** Ranks around the quantile that are scanned first, as a share of all. */
const BAND = 0.03

/**
 * A percentile of weighted values, where each value counts as often as its cell says; k6's definition,
 * linear at p · (n - 1).
 *
 * A thousand resamples of 100,000 requests would be slow, so each scans only a band around the quantile:
 * how many values lie below the band is known per cell. Where a resample's quantile lies outside the
 * band, all values are scanned.
 */
export function createQuantile(
  { values, cells }: SortedValues,
  p: number,
  cellCount: number,
): (times: Int32Array | undefined) => number | undefined {
  const n = values.length
  const whole = n < FEW
  const from = whole ? 0 : Math.max(0, Math.floor((p - BAND) * n))
  const to = whole ? n : Math.min(n, Math.ceil((p + BAND) * n))
  const counts = new Float64Array(cellCount)
  const below = new Float64Array(cellCount)
  cells.forEach((cell, i) => {
    ;(counts[cell] as number)++
    if (i < from) (below[cell] as number)++
  })
  const sum = (each: Float64Array, times: Int32Array) => {
    let total = 0
    for (let cell = 0; cell < cellCount; cell++)
      total += (each[cell] as number) * (times[cell] as number)
    return total
  }

  return (times) => {
    if (times === undefined) return percentileOf(values, p)
    const total = sum(counts, times)
    if (total === 0) return undefined
    const at = p * (total - 1)
    const seen = sum(below, times)
    if (seen <= Math.floor(at)) {
      const found = scan(times, from, to, seen, at)
      if (found !== undefined) return found
    }
    return scan(times, 0, n, 0, at)
  }

  /** The value at a rank, scanning from one index to another; `seen` values lie before. */
  function scan(
    times: Int32Array,
    first: number,
    end: number,
    before: number,
    at: number,
  ): number | undefined {
    const [lowRank, highRank] = [Math.floor(at), Math.ceil(at)]
    let seen = before
    let low: number | undefined
    for (let i = first; i < end; i++) {
      seen += times[cells[i] as number] as number
      if (low === undefined && seen > lowRank) low = values[i] as number
      if (seen > highRank) {
        const high = values[i] as number
        return (low as number) + (high - (low as number)) * (at - lowRank)
      }
    }
    return undefined
  }
}
