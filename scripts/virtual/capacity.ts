import { findCapacity, measurementOf } from '../../lib/capacity/index.ts'
import type { CapacityResult, Measurement, SearchOptions } from '../../lib/capacity/index.ts'
import type { Slo } from '../../lib/metrics/index.ts'
import { virtualClosedRun } from './closed-loop.ts'
import { virtualRun } from './run.ts'
import type { VirtualRun } from './run.ts'

/** A server, its traffic and limits, whose capacity is sought in virtual time. */
export interface VirtualServer {
  slo: Slo
  engine?: VirtualRun['engine']
  traffic?: VirtualRun['traffic']
  /** Its limit, as trueCapacity found it. */
  truth: number
  /** Share of requests that must be good. */
  target: number
  /** Requests in flight instead of requests/s. */
  closed?: boolean
}

/** Plays one run at a load. */
export function play(
  server: VirtualServer,
  load: number,
  seed: number,
  lengths: { warmupMs: number; measuredMs: number },
): Measurement {
  const { slo, engine, traffic } = server
  const both = { name: String(load), ...lengths, slo, engine, traffic, intervals: false }
  const seeds = { trafficSeed: seed, serverSeed: seed + 1 }
  const run =
    server.closed === true
      ? virtualClosedRun({ ...both, ...seeds, concurrency: load })
      : virtualRun({ ...both, ...seeds, ratePerS: load })
  return measurementOf(run, load, lengths.warmupMs)
}

/**
 * The scheduler's own limit: the rate at which the target share of requests is good, over long runs
 * after a warm-up of five minutes, by bisection to 0.3 %; for requests in flight, the largest such
 * number. Takes minutes, so tests hold its results as constants.
 * @param about a load near to it, at most a quarter away
 * @param requests that the runs at a load judge in all
 */
export function trueCapacity(
  server: VirtualServer,
  about: number,
  requests: number,
  seed = 77,
): number {
  const closed = server.closed === true
  let [low, high] = [about / 1.25, about * 1.25]
  if (closed) [low, high] = [Math.floor(low), Math.ceil(high) + 1]
  while (closed ? high - low > 1 : high / low > 1.003) {
    const load = closed ? Math.floor((low + high) / 2) : Math.sqrt(low * high)
    let [good, judged] = [0, 0]
    for (let run = 0; judged < requests; run++) {
      const lengths = { warmupMs: 300_000, measuredMs: 3_600_000 }
      const found = play(server, load, seed + 1000 * run, lengths)
      good += found.good
      judged += found.judged
      // Hopeless, and overload is slow to play.
      if (good < 0.9 * server.target * judged) break
    }
    if (good >= server.target * judged) low = load
    else high = load
  }
  return closed ? low : Math.sqrt(low * high)
}

/** What the search finds with runs of at least `measuredMs`. */
export function searchedCapacity(
  server: VirtualServer,
  seed: number,
  measuredMs: number,
  more: Partial<SearchOptions> = {},
): Promise<CapacityResult> {
  return findCapacity(
    async (load, plan) => play(server, load, seed * 1000 + 2 * plan.index, plan),
    {
      unit: server.closed === true ? 'requests in flight' : 'requests/s',
      start: 4,
      min: server.closed === true ? 1 : 0.1,
      max: 256,
      target: server.target,
      confidence: 0.95,
      precision: 0.05,
      warmupMs: 20_000,
      durationMs: measuredMs,
      maxRuns: 200,
      maxMinutes: 600,
      ...more,
    },
  )
}
