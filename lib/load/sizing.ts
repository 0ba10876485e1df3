import type { Scenario } from 'k6/options'
import { mostDueWithin, type RatePiece } from './arrivals/index.ts'

/**
 * VUs prepared before the run, as a multiple of the expected requests in flight. Spikes are meant to
 * overload: even at twice the expected latency nothing is dropped.
 */
const READY_FACTOR = 2

/**
 * VUs that k6 may go up to, as a multiple of the expected requests in flight. k6 creates a VU beyond the
 * prepared ones only after an arrival found none free, and drops that arrival
 * (ramping_arrival_rate.go), so this is a second line of defence, not a plan.
 */
const MOST_FACTOR = 4

export interface VUs {
  /** Requests in flight by Little's law. */
  expected: number
  preAllocatedVUs: number
  maxVUs: number
}

/**
 * VUs for an open loop at one rate by Little's law: in flight = arrival rate x time in the system.
 *
 * @param rate requests/s
 * @param expectedE2eMs how long a request is expected to take, ms
 * @param limit most VUs allowed, if any
 * @returns VUs to prepare, and the most that k6 may go up to
 */
export function vusFor(rate: number, expectedE2eMs: number, limit: number | undefined): VUs {
  return vusBy((ms) => (rate * ms) / 1000, expectedE2eMs, limit)
}

/**
 * VUs for an open loop whose phases share them: as many as requests are due within the time that one
 * takes, at the load's highest. A spike shorter than that time needs no more VUs than it has requests.
 *
 * @param phases contiguous, in order; rates in requests/s
 */
export function vusForPhases(
  phases: readonly RatePiece[],
  expectedE2eMs: number,
  limit: number | undefined,
): VUs {
  return vusBy((ms) => mostDueWithin(phases, ms), expectedE2eMs, limit)
}

/** @param within requests due within so many ms */
function vusBy(
  within: (ms: number) => number,
  expectedE2eMs: number,
  limit: number | undefined,
): VUs {
  // One more than the product: even when less than one is in flight on average, arrivals sometimes overlap.
  const prepared = Math.ceil(within(READY_FACTOR * expectedE2eMs)) + 1
  return {
    expected: within(expectedE2eMs),
    preAllocatedVUs: Math.min(limit ?? Infinity, prepared),
    maxVUs: limit ?? Math.ceil(within(MOST_FACTOR * expectedE2eMs)) + 2,
  }
}

/** @returns the VUs that k6 makes before the load, for scenarios that run at the same time */
export function vusMadeBefore(scenarios: Readonly<Record<string, Scenario>>): number {
  return Object.values(scenarios).reduce((sum, scenario) => sum + readyVUs(scenario), 0)
}

function readyVUs(scenario: Scenario): number {
  if ('preAllocatedVUs' in scenario) return scenario.preAllocatedVUs
  if ('stages' in scenario && scenario.executor === 'ramping-vus') {
    return Math.max(scenario.startVUs ?? 1, ...scenario.stages.map(({ target }) => target))
  }
  return 'vus' in scenario ? (scenario.vus ?? 1) : 1
}
