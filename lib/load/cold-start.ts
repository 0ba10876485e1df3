import type { LoadConfig } from '../config/index.ts'
import { buildPlan, flat, levels, type Part } from './plan.ts'
import type { LoadPlan } from './types.ts'

/** k6's constant executors refuse a duration under 1 s (`minDuration` in lib/executor). */
const SHORTEST_MS = 1000

/**
 * The first requests apart from the rest, over several cycles: `idle` (nothing is sent), `cold`, `warm`.
 * `cold` lasts as long as its requests take to arrive; in a closed loop, as long as one answer is
 * expected to take. There is no warm-up, which would warm what should be cold.
 */
export function coldStart(load: LoadConfig): LoadPlan {
  const { base } = levels(load)
  const coldMs = load.loop === 'open' ? (load.coldRequests * 1000) / base : load.expectedE2eMs
  const cycle: Part[] = [
    flat('idle', 'idle', load.idleMs, 0),
    flat('cold', 'main', Math.max(SHORTEST_MS, coldMs), base),
    flat('warm', 'main', load.durationMs, base),
  ]
  return buildPlan('cold-start', load, Array.from({ length: load.cycles }, () => cycle).flat())
}
