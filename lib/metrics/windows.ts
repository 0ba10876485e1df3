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
  const window = windows[lastBegun(windows, atMs)]
  return window !== undefined && atMs < window.endMs ? window : undefined
}

/** Index of the last window that has begun at a time; -1 before all of them. */
function lastBegun(windows: readonly Window[], atMs: number): number {
  let low = 0
  let high = windows.length
  while (low < high) {
    const mid = (low + high) >> 1
    if ((windows[mid] as Window).startMs <= atMs) low = mid + 1
    else high = mid
  }
  return low - 1
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
  let w = lastBegun(windows, times[0] as number)
  for (let i = 0; i < times.length;) {
    const at = times[i] as number
    while (w + 1 < windows.length && (windows[w + 1] as Window).startMs <= at) w++
    const window = windows[w]
    const within = window !== undefined && at < window.endMs
    const boundMs = within ? window.endMs : (windows[w + 1]?.startMs ?? Infinity)
    const end = chunksUntil(times, i, boundMs)
    let weight = end - i
    if (weights !== undefined) {
      weight = 0
      for (let k = i; k < end; k++) weight += weights[k] as number
    }
    const { phase, measured, slice } = within ? window : OUTSIDE
    shares.push({ phase, measured, slice, value: (weight * tokens) / weightSum })
    i = end
  }
  return shares
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
  for (let w = Math.max(0, lastBegun(windows, sentMs)); w < windows.length; w++) {
    const { phase, measured, slice, startMs, endMs: untilMs } = windows[w] as Window
    if (startMs >= endMs) break
    const value = Math.min(endMs, untilMs) - Math.max(sentMs, startMs)
    if (value <= 0) continue
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
