import type { LoadConfig } from '../config/index.ts'
import { buildPlan, flat, spread, type Part } from './plan.ts'
import type { LoadPlan } from './types.ts'

const CONCURRENCIES = [1, 2, 4, 8, 16, 32, 64]
const RATES = [1, 2, 4, 8, 16]

/** The levels of a sweep that were asked for, or else the shape's own. */
export function sweepSteps(loop: 'open' | 'closed', steps: readonly number[] | undefined) {
  return steps ?? (loop === 'closed' ? CONCURRENCIES : RATES)
}

/**
 * Steps of rising concurrency in one run, each with a `settle` (not measured): `c1`, `c2`, `c4` …
 * Shows throughput against latency, and the knee between them.
 */
export function concurrencySweep(load: LoadConfig): LoadPlan {
  return sweep('concurrency-sweep', { ...load, loop: 'closed' }, 'c')
}

/** Steps of a rising arrival rate, each with a `settle` (not measured): `r1`, `r2`, `r4` … */
export function rateSweep(load: LoadConfig): LoadPlan {
  return sweep('rate-sweep', { ...load, loop: 'open' }, 'r')
}

function sweep(shape: string, load: LoadConfig, letter: string): LoadPlan {
  const levels = sweepSteps(load.loop, load.steps)
  const parts = levels.flatMap((level, i): Part[] => {
    // The first step starts cold, so the warm-up is left out of it as well.
    const settleMs = i === 0 ? Math.max(load.settleMs, load.warmupMs) : load.settleMs
    return [
      ...spread(load, flat('settle', 'settle', settleMs, level), levels[i - 1] ?? 1),
      { ...flat(`${letter}${level}`, 'step', load.stepMs, level), step: String(level) },
    ]
  })
  return buildPlan(shape, load, parts)
}
