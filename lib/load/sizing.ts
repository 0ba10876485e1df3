import type { Scenario } from 'k6/options'

/**
 * VUs prepared before the run, as a multiple of the expected requests in flight. Spikes are meant to
 * overload: even at twice the expected latency nothing is dropped.
 */
export const READY_FACTOR = 2

/**
 * VUs that k6 may go up to, as a multiple of the expected requests in flight. k6 creates a VU beyond the
 * prepared ones only after an arrival found none free, and drops that arrival
 * (constant_arrival_rate.go), so this is a second line of defence, not a plan.
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
 * @param rate highest rate of the phase, requests/s
 * @param expectedE2eMs how long a request is expected to take, ms
 * @param limit most VUs allowed, if any
 * @returns VUs to prepare, and the most that k6 may go up to
 */
export function vusFor(rate: number, expectedE2eMs: number, limit: number | undefined): VUs {
  const expected = (rate * expectedE2eMs) / 1000
  const most = limit ?? Infinity
  // One more than the product: even when less than one is in flight on average, arrivals sometimes overlap.
  return {
    expected,
    preAllocatedVUs: Math.min(most, Math.ceil(READY_FACTOR * expected) + 1),
    maxVUs: limit ?? Math.ceil(MOST_FACTOR * expected) + 2,
  }
}

/**
 * The most VUs held at one time, when each holder keeps its own from start to end. k6 reserves a
 * scenario's VUs until its graceful stop has passed, whether they still work or not.
 *
 * @param holds times in ms
 */
export function mostAtOnce(
  holds: readonly { startMs: number; endMs: number; vus: number }[],
): number {
  // The sum can only peak where a holder begins.
  return Math.max(
    0,
    ...holds.map(({ startMs: at }) =>
      holds
        .filter((hold) => hold.startMs <= at && at < hold.endMs)
        .reduce((sum, hold) => sum + hold.vus, 0),
    ),
  )
}

/** @returns the most VUs that k6 makes before the load, for scenarios as this room writes them */
export function vusMadeBefore(scenarios: Readonly<Record<string, Scenario>>): number {
  return mostAtOnce(
    Object.values(scenarios).map((scenario) => {
      const startMs = msOf(scenario.startTime)
      return {
        startMs,
        endMs: startMs + lengthMs(scenario) + msOf(scenario.gracefulStop),
        vus: readyVUs(scenario),
      }
    }),
  )
}

function readyVUs(scenario: Scenario): number {
  if ('preAllocatedVUs' in scenario) return scenario.preAllocatedVUs
  if ('stages' in scenario && scenario.executor === 'ramping-vus') {
    return Math.max(scenario.startVUs ?? 1, ...scenario.stages.map(({ target }) => target))
  }
  return 'vus' in scenario ? (scenario.vus ?? 1) : 1
}

function lengthMs(scenario: Scenario): number {
  if ('stages' in scenario) {
    return scenario.stages.reduce((sum, { duration }) => sum + msOf(duration), 0)
  }
  if ('duration' in scenario) return msOf(scenario.duration)
  return 'maxDuration' in scenario ? msOf(scenario.maxDuration) : 0
}

/** This room writes all durations in ms: `1500ms`. */
function msOf(duration: string | undefined): number {
  return duration === undefined ? 0 : Number.parseFloat(duration)
}
