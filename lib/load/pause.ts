/** A request that failed within this time after its start failed at once, ms. */
const AT_ONCE_MS = 100
const SHORTEST_MS = 10
const LONGEST_MS = 1000

/**
 * How long a VU of a closed loop waits before its next request. Without a pause, a server that is down or
 * refuses would be asked hundreds of times per second by each VU, and the run's error rate would count
 * little else. 10 ms after the first failure, doubled after each further one, at most 1 s; none
 * after a request that did not fail, or that took some time to. So a server that comes back is found
 * within a second.
 *
 * @returns a function that gives the pause after each request, ms
 */
export function createPause(): (request: { failed: boolean; tookMs: number }) => number {
  let inARow = 0
  return ({ failed, tookMs }) => {
    inARow = failed && tookMs < AT_ONCE_MS ? inARow + 1 : 0
    return inARow === 0 ? 0 : Math.min(LONGEST_MS, SHORTEST_MS * 2 ** (inARow - 1))
  }
}
