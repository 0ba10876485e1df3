import { findCapacity, measurementOf } from '../../lib/capacity/index.ts'
import type { CapacityResult, SearchOptions } from '../../lib/capacity/index.ts'
import type { Slo } from '../../lib/metrics/index.ts'
import { virtualRun } from './run.ts'
import type { VirtualRun } from './run.ts'

/** A server and limits whose capacity is sought in virtual time. */
export interface VirtualServer {
  slo: Slo
  engine?: VirtualRun['engine']
  /** Share of requests that must be good. */
  target: number
}

const run = (server: VirtualServer, ratePerS: number, seed: number, measuredMs: number) =>
  virtualRun({
    name: `${ratePerS}/s`,
    ratePerS,
    warmupMs: 20_000,
    measuredMs,
    trafficSeed: seed,
    serverSeed: seed + 1,
    engine: server.engine,
    slo: server.slo,
  })

/**
 * The scheduler's own limit: the rate at which the target's share of requests is good over a run of
 * `minutes`, by bisection to 0.5 %. Takes minutes: the test of the search holds its result as a number.
 *
 * @public
 */
export function trueCapacity(server: VirtualServer, minutes: number): number {
  let [low, high] = [0.5, 64]
  while (high / low > 1.005) {
    const rate = Math.sqrt(low * high)
    const found = measurementOf(run(server, rate, 77, minutes * 60_000), rate)
    if (found.good >= server.target * found.judged) low = rate
    else high = rate
  }
  return Math.sqrt(low * high)
}

/** What the search finds with runs of `measuredMs`. */
export function searchedCapacity(
  server: VirtualServer,
  seed: number,
  measuredMs: number,
  more: Partial<SearchOptions> = {},
): Promise<CapacityResult> {
  let runs = 0
  return findCapacity(
    async (load) => measurementOf(run(server, load, seed * 1000 + 2 * runs++, measuredMs), load),
    {
      unit: 'requests/s',
      start: 4,
      min: 0.25,
      max: 256,
      target: server.target,
      confidence: 0.95,
      precision: 0.05,
      repeats: 3,
      maxRuns: 60,
      ...more,
    },
  )
}
