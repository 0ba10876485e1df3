/** A request that failed sooner than this after its start failed at once, ms. */
const AT_ONCE_MS = 100
const SHORTEST_MS = 10
const LONGEST_MS = 1000

/**
 * How long a VU of a closed loop waits before its next request. Without it a server that is down, or
 * that refuses, would be asked hundreds of times a second by each VU, and the run's error rate would
 * count little else. 10 ms after the first failure, twice as long after each further one, 1 s at most;
 * nothing after a request that did not fail, or that took its time to. A server that comes back is
 * thus found within a second.
 *
 * @returns the pause after a request, ms
 */
export function createPause(): (request: { failed: boolean; tookMs: number }) => number {
  let inARow = 0
  return ({ failed, tookMs }) => {
    inARow = failed && tookMs < AT_ONCE_MS ? inARow + 1 : 0
    return inARow === 0 ? 0 : Math.min(LONGEST_MS, SHORTEST_MS * 2 ** (inARow - 1))
  }
}
