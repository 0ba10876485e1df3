import { randomSource } from '../../random/index.ts'
import { expectedRequests, inverseOfIntegral, type RatePiece } from './curve.ts'
import { unitGaps, type ArrivalProcess } from './process.ts'

/**
 * Due times of all requests of a run, computed before it begins: the same for the same seed.
 *
 * The count is the rounded integral of the rate, so the mean rate is exact whatever is drawn. N + 1
 * gaps of mean 1 are drawn and scaled to fill the integral: N arrivals, with one gap before the first
 * and one after the last. For exponential gaps this is the Poisson process given its count; for
 * others the boundary effect is that of one gap. Scaling to the last arrival instead (as vllm bench
 * does) would put a request at the very end of each run. Constant arrivals begin at 0, as k6's do.
 * @param pieces rate over time, requests/s: contiguous from 0 (phases of a plan will do)
 * @returns ms from the start of the load, never falling, all within the pieces
 */
export function arrivalTimes(
  pieces: readonly RatePiece[],
  process: ArrivalProcess,
  seed: number,
): Float64Array {
  const area = expectedRequests(pieces)
  const count = Math.round(area)
  const times = new Float64Array(count)
  const at = inverseOfIntegral(pieces)
  if (process.kind === 'constant') {
    for (let n = 0; n < count; n++) times[n] = at((area * n) / count)
    return times
  }
  const gap = unitGaps(process, randomSource(seed, 'arrivals'))
  let sum = 0
  for (let n = 0; n < count; n++) {
    sum += gap()
    times[n] = sum
  }
  const scale = area / (sum + gap())
  // Rounding can bring one of two that are almost at once a step of the number before the other.
  let last = 0
  for (let n = 0; n < count; n++) times[n] = last = Math.max(last, at((times[n] as number) * scale))
  return times
}

/**
 * Most requests in flight at once if each took `e2eMs`: the most arrivals in any window of that
 * length. Little's law gives only the mean, and VUs must cover the peak.
 * @param dueMs due times, ms, never falling
 * @param e2eMs how long each request takes, ms
 */
export function peakInFlight(dueMs: ArrayLike<number>, e2eMs: number): number {
  let most = 0
  for (let first = 0, n = 0; n < dueMs.length; n++) {
    while ((dueMs[first] as number) <= (dueMs[n] as number) - e2eMs) first++
    most = Math.max(most, n - first + 1)
  }
  return most
}
