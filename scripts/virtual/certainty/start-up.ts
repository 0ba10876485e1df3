import { steadyFrom } from '../../../lib/statistics/index.ts'
import { play } from './play.ts'
import type { Cold } from './play.ts'
import type { Arrivals } from './traffic.ts'

/** How a run began: a server that still compiles, one whose prefix cache is empty, or a warm one. */
export const STARTS = ['compiles', 'fills its cache', 'warm'] as const
export type Start = (typeof STARTS)[number]

export interface StartUps {
  runs: number
  /** Runs whose steady block is as if the server had been warm: its mean TTFT is less than 5 % off. */
  found: number
  /** Runs whose steady block still holds what the start-up did. */
  overlooked: number
  /** Runs of which no steady block is told: too much of them would be cut, or the rest drifts. */
  untold: number
  /** Runs of which nothing is cut: what a warm server deserves. */
  whole: number
}

const COLD: Record<Start, Cold> = {
  // ms that the first step of each size takes longer.
  compiles: { compileMs: 1500 },
  // Documents that prompts begin with, and their length in tokens: computed once each, then cached.
  'fills its cache': { prefixes: { count: 100, tokens: 1600 } },
  warm: {},
}
/** Before the run of a warm server, requests. */
const WARM_UP = 2000
/** By so much of its mean TTFT, what is left of a start-up may move a steady block. */
const LEFT = 0.05

/**
 * How often the start-up of cold runs is found and left out, and warm runs are left whole. What a start-up did is
 * known from the same requests on a server that was warm from the start.
 */
export function startUps(
  arrivals: Arrivals,
  use: number,
  requests: number,
  runs: number,
  start: Start,
): StartUps {
  const result = { runs, found: 0, overlooked: 0, untold: 0, whole: 0 }
  const before = start === 'warm' ? WARM_UP : 0
  for (let seed = 1; seed <= runs; seed++) {
    const whole = play(arrivals, use, before + requests, seed, COLD[start])
    const [atMs, ttftMs] = [whole.atMs.subarray(before), whole.ttftMs.subarray(before)]
    const steady = steadyFrom(atMs, ttftMs)
    // Without a steady block nothing is cut either.
    if ((steady?.cut ?? 0) === 0) result.whole++
    if (steady === undefined) result.untold++
    else if (start === 'warm') result.found++
    else {
      const twin = play(arrivals, use, requests, seed)
      const [cold, warm] = [ttftMs, twin.ttftMs].map((all) => meanOf(all.subarray(steady.cut)))
      if ((cold as number) < (1 + LEFT) * (warm as number)) result.found++
      else result.overlooked++
    }
  }
  return result
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
