import { selectRows } from './columns.ts'
import type { Trace } from './types.ts'

/**
 * The requests of [fromMs, fromMs + forMs), their times counted from `fromMs`, so that a window
 * that begins with a silence keeps it.
 */
export function windowOf(trace: Trace, fromMs: number, forMs: number): Trace {
  const first = lowerBound(trace.atMs, fromMs)
  const end = lowerBound(trace.atMs, fromMs + forMs)
  const rows = new Uint32Array(end - first).map((_, i) => first + i)
  const atMs = trace.atMs.slice(first, end).map((at) => at - fromMs)
  const cut = selectRows(trace, rows, atMs)
  if (trace.startEpochMs !== undefined) cut.startEpochMs = trace.startEpochMs + fromMs
  return cut
}

/** Where the window of `forMs` with the most requests begins (the first of equal ones), and its count. */
export function busiestWindow(
  atMs: ArrayLike<number>,
  forMs: number,
): { fromMs: number; requests: number } {
  let best = { fromMs: 0, requests: 0 }
  for (let first = 0, end = 0; first < atMs.length; first++) {
    const fromMs = atMs[first] as number
    while (end < atMs.length && (atMs[end] as number) < fromMs + forMs) end++
    if (end - first > best.requests) best = { fromMs, requests: end - first }
  }
  return best
}

/** All times divided by `factor`: the same requests in 1/factor of the time, patterns compressed too. */
export function speedUp(trace: Trace, factor: number): Trace {
  return { ...trace, atMs: trace.atMs.map((at) => at / factor), startEpochMs: undefined }
}

/** Index of the first value not below `limit` in a sorted list. */
export function lowerBound(sorted: ArrayLike<number>, limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) < limit) low = middle + 1
    else high = middle
  }
  return low
}
