import type { LoadConfig } from '../config/index.ts'
import { dailyCycle } from './arrivals/index.ts'
import { buildPlan, levels, warmup, type Part } from './plan.ts'
import type { LoadPlan } from './types.ts'

/** An hour is off-peak below the first, and peak above the second, of these shares of the way up. */
const LOW = 0.25
const HIGH = 0.75

/**
 * Days between an off-peak and a peak load, compressed to the cycle's length: a raised cosine in 24
 * linear pieces per day, after `warmup`. Pieces are named by the time of day: `off-peak`, `rise`,
 * `peak`, `fall`; in the figures, pieces of one name on all days are one phase.
 */
export function daily(load: LoadConfig): LoadPlan {
  const { base, peak } = levels(load)
  const pieces = dailyCycle(base, peak, load.cycleMs, load.cycles)
  const parts = pieces.map(({ startMs, endMs, from, to }): Part => {
    const share = peak > base ? ((from + to) / 2 - base) / (peak - base) : 0
    const name = share < LOW ? 'off-peak' : share > HIGH ? 'peak' : from < to ? 'rise' : 'fall'
    const ends =
      load.loop === 'open' ? { from, to } : { from: Math.round(from), to: Math.round(to) }
    return { name, role: 'main', ms: endMs - startMs, ...ends }
  })
  return buildPlan('daily', load, [...warmup(load, base), ...joined(parts)])
}

/** Joins neighbours with the same name and level. */
function joined(parts: readonly Part[]): Part[] {
  const out: Part[] = []
  for (const part of parts) {
    const last = out[out.length - 1]
    const goesOn = last?.name === part.name && last.from === last.to && last.to === part.from
    if (last && goesOn && part.from === part.to)
      out[out.length - 1] = { ...last, ms: last.ms + part.ms }
    else out.push(part)
  }
  return out
}
