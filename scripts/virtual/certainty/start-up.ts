import { percentileOf, steadyFrom } from '../../../lib/statistics/index.ts'
import { play } from './play.ts'
import type { Arrivals } from './traffic.ts'

export interface StartUps {
  runs: number
  /** Cold runs whose steady block begins when nobody waits for the compilation any more, or later. */
  found: number
  /** Cold runs of which half or more was cut. */
  greedy: number
  /** Warm runs of which nothing was cut. */
  whole: number
}

/** What the first steps of a cold server take longer, ms. */
const COMPILE_MS = 1500
/** A warm run begins when the server has been at work for so many requests. */
const WARM_UP = 2000

/** How often the start-up of cold runs is found, and warm runs are left whole. */
export function startUps(
  arrivals: Arrivals,
  use: number,
  requests: number,
  runs: number,
): StartUps {
  const result = { runs, found: 0, greedy: 0, whole: 0 }
  for (let seed = 1; seed <= runs; seed++) {
    const cold = play(arrivals, use, requests, seed, COMPILE_MS)
    const steady = steadyFrom(cold.atMs, cold.ttftMs)
    if (steady !== undefined && steady.fromMs >= cold.warmMs - typical(cold.ttftMs)) result.found++
    if ((steady?.cut ?? 0) >= requests / 2) result.greedy++
    const warm = play(arrivals, use, WARM_UP + requests, 10_000 + seed)
    const after = steadyFrom(warm.atMs.subarray(WARM_UP), warm.ttftMs.subarray(WARM_UP))
    // Without a steady block nothing is cut either.
    if ((after?.cut ?? 0) === 0) result.whole++
  }
  return result
}

/** What was sent so shortly before waits no longer than others do. */
function typical(ttftMs: Float64Array): number {
  return percentileOf(Float64Array.from(ttftMs).sort(), 0.5) as number
}
