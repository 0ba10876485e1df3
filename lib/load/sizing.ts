/**
 * How many times the expected number of requests in flight is made ready before the run. Overload
 * is what a spike is for: at twice the expected latency nothing is dropped yet.
 */
export const READY_FACTOR = 2

/**
 * How many times the expected number k6 may go up to. A VU beyond those made ready is made only
 * after an arrival found none free, and that arrival is dropped (k6, constant_arrival_rate.go), so
 * this is a second line, not a plan.
 */
export const MOST_FACTOR = 4

export interface VUs {
  /** Requests in flight by Little's law. */
  expected: number
  preAllocatedVUs: number
  maxVUs: number
}

/**
 * VUs for an open loop by Little's law: in flight = arrival rate x time in the system.
 *
 * @param rate requests/s at the highest point of the phase
 * @param expectedE2eMs time of a request, ms
 * @param limit most VUs allowed, if any
 */
export function vusFor(rate: number, expectedE2eMs: number, limit: number | undefined): VUs {
  const expected = (rate * expectedE2eMs) / 1000
  const most = limit ?? Infinity
  // One more than the product: arrivals of less than one in flight still overlap now and then.
  return {
    expected,
    preAllocatedVUs: Math.min(most, Math.ceil(READY_FACTOR * expected) + 1),
    maxVUs: limit ?? Math.ceil(MOST_FACTOR * expected) + 2,
  }
}

/**
 * The most VUs that are held at one time when each holder keeps its own from start to end. k6
 * reserves a scenario's VUs until its graceful stop has passed, whether they still work or not.
 *
 * @param holds times in ms
 */
export function mostAtOnce(
  holds: readonly { startMs: number; endMs: number; vus: number }[],
): number {
  // The highest sum is reached where some holder begins.
  return Math.max(
    0,
    ...holds.map(({ startMs: at }) =>
      holds
        .filter((hold) => hold.startMs <= at && at < hold.endMs)
        .reduce((sum, hold) => sum + hold.vus, 0),
    ),
  )
}
