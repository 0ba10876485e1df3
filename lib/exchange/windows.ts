import type { ExchangeResult } from './types.ts'

/** From `startMs` up to but not with `endMs`, ms on the run's clock. */
export interface TimeWindow {
  startMs: number
  endMs: number
}

/**
 * Output tokens *received inside* each window, whenever the request began or ended: the throughput
 * of a window is the sum over all requests / its length. Each chunk counts for its own tokens where
 * the wire tells, else for an equal share, scaled so that all chunks together make the request's
 * output tokens (fractions are right: they add up). A whole answer's tokens arrive at its end.
 *
 * @param windows ascending, not overlapping
 * @returns tokens for each window
 */
export function tokensByWindow(result: ExchangeResult, windows: readonly TimeWindow[]): number[] {
  const times = result.chunkTimesMs
  const total = result.outputTokens
  if (times.length === 0) {
    const at = result.marks.lastTokenMs
    return windows.map((window) => (at !== undefined && inside(at, window) ? total : 0))
  }
  const before = sharesBefore(result.chunkTokens)
  const sum = before(times.length)
  return windows.map((window) => {
    const share =
      before(lowerBound(times, window.endMs)) - before(lowerBound(times, window.startMs))
    return sum > 0 ? (share / sum) * total : 0
  })
}

function inside(at: number, window: TimeWindow): boolean {
  return at >= window.startMs && at < window.endMs
}

/** Sum of the first n chunks' tokens; without known tokens each chunk is one. */
function sharesBefore(tokens: readonly number[] | undefined): (chunks: number) => number {
  if (tokens === undefined) return (chunks) => chunks
  const sums = [0]
  for (const n of tokens) sums.push(sums[sums.length - 1]! + n)
  return (chunks) => sums[chunks] ?? sums[sums.length - 1]!
}

/** Number of times below `limit`; times ascend. */
function lowerBound(times: readonly number[], limit: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}
