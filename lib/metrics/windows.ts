import type { FinishedRequest, Window } from './types.ts'

/** A share of a request that lies in one window. */
export interface WindowShare {
  phase: string
  measured: boolean
  slice: string | undefined
  value: number
}

/** Phase of what lies outside of all windows: answers that arrive after the load has ended. */
export const DRAIN = 'drain'

const OUTSIDE = { phase: DRAIN, measured: false, slice: undefined }

/** The window that holds a time, start inclusive; undefined outside of all. */
export function windowAt(windows: readonly Window[], atMs: number): Window | undefined {
  let low = 0
  let high = windows.length
  while (low < high) {
    const mid = (low + high) >> 1
    if ((windows[mid] as Window).startMs <= atMs) low = mid + 1
    else high = mid
  }
  const window = windows[low - 1]
  return window !== undefined && atMs < window.endMs ? window : undefined
}

/** Output tokens that count as received on the wire, and how far that number can be trusted. */
export function receivedTokens(request: FinishedRequest): {
  tokens: number
  source: 'usage' | 'chunks'
} {
  const known = request.chunkTokens?.reduce((sum, n) => sum + n, 0)
  // Hidden reasoning is billed but never received: only what came over the wire counts here.
  if (request.hiddenReasoning || request.tokenSource !== 'usage') {
    return { tokens: known ?? request.chunkTimesMs.length, source: 'chunks' }
  }
  return { tokens: request.outputTokens, source: 'usage' }
}

/**
 * Spreads a request's output tokens over the windows in which they arrived: by the tokens of each
 * chunk where the wire tells, else evenly over its chunks. The shares add up to the whole.
 * @param windows ascending, as the request's chunk times are
 */
export function tokensByWindow(
  request: FinishedRequest,
  windows: readonly Window[],
  tokens: number,
): WindowShare[] {
  const { chunkTimesMs: times, chunkTokens } = request
  if (tokens <= 0) return []
  if (times.length === 0) return [{ ...place(windows, request.marks.endMs), value: tokens }]
  const weights = chunkTokens?.length === times.length ? chunkTokens : undefined
  const weightSum = weights === undefined ? times.length : weights.reduce((a, b) => a + b, 0)
  if (weightSum <= 0)
    return [{ ...place(windows, times[times.length - 1] as number), value: tokens }]
  const shares: WindowShare[] = []
  for (let i = 0; i < times.length;) {
    const at = times[i] as number
    const end = chunksUntil(times, i, boundAfter(windows, at))
    let weight = end - i
    if (weights !== undefined) {
      weight = 0
      for (let k = i; k < end; k++) weight += weights[k] as number
    }
    shares.push({ ...place(windows, at), value: (weight * tokens) / weightSum })
    i = end
  }
  return shares
}

/** End of the window that holds a time; of the time outside, where the windows begin, or never. */
function boundAfter(windows: readonly Window[], atMs: number): number {
  const window = windowAt(windows, atMs)
  if (window !== undefined) return window.endMs
  const first = windows[0]
  return first !== undefined && atMs < first.startMs ? first.startMs : Infinity
}

/**
 * Where the chunks from `from` on (at least one) reach a bound. Times ascend, so they are searched
 * rather than gone through: one step per chunk was as much work as half of a request's samples.
 */
function chunksUntil(times: readonly number[], from: number, boundMs: number): number {
  let low = from + 1
  let high = times.length
  if ((times[high - 1] as number) < boundMs) return high
  while (low < high) {
    const mid = (low + high) >> 1
    if ((times[mid] as number) < boundMs) low = mid + 1
    else high = mid
  }
  return low
}

/** Time in ms that a request spent in flight, by window; what lies outside goes to the drain. */
export function flightByWindow(
  request: FinishedRequest,
  windows: readonly Window[],
): WindowShare[] {
  const { sentMs, endMs } = request.marks
  if (sentMs === undefined || !(endMs > sentMs)) return []
  const shares: WindowShare[] = []
  let rest = endMs - sentMs
  for (const window of windows) {
    if (window.endMs <= sentMs) continue
    if (window.startMs >= endMs) break
    const value = Math.min(endMs, window.endMs) - Math.max(sentMs, window.startMs)
    const { phase, measured, slice } = window
    shares.push({ phase, measured, slice, value })
    rest -= value
  }
  if (rest > 1e-6) shares.push({ ...OUTSIDE, value: rest })
  return shares
}

function place(windows: readonly Window[], atMs: number) {
  const window = windowAt(windows, atMs)
  if (window === undefined) return { ...OUTSIDE }
  return { phase: window.phase, measured: window.measured, slice: window.slice }
}
