import type { Figure, RunInfo, ScopeReport } from '../../results/index.ts'
import { countOf } from '../summary.ts'
import type { Summary } from '../summary.ts'

type Phase = Pick<ScopeReport, 'asked' | 'lengthMs' | 'started'>

/**
 * Requests that k6 dropped in each phase. `dropped_iterations` carries only the tags of the k6 scenario,
 * which is one for all phases. So of those dropped in all, each phase gets its part of
 * requests asked for - requests started, in whole numbers that add up to what k6 counted.
 *
 * @param phases their figures, in the plan's order
 * @returns by phase, or null where that is not known: a conversation starts more than one request
 */
export function droppedIn(summary: Summary, run: RunInfo, phases: readonly Phase[]): Figure[] {
  const whole = countOf(summary, 'dropped_iterations')
  if (whole === 0) return phases.map(() => 0)
  if (whole === null || run.plan.unit !== 'requests/s') return phases.map(() => null)
  const missing = phases.map(({ asked, lengthMs, started }) =>
    asked === null || started === null ? 0 : Math.max(0, (asked * lengthMs) / 1000 - started),
  )
  return shareOut(whole, missing) ?? phases.map(() => null)
}

/** Shares a whole number out in proportion, by largest remainder; undefined where nothing gets a share. */
function shareOut(whole: number, weights: readonly number[]): number[] | undefined {
  const sum = weights.reduce((a, b) => a + b, 0)
  if (sum <= 0) return undefined
  const exact = weights.map((weight) => (whole * weight) / sum)
  const shares = exact.map(Math.floor)
  const rest = whole - shares.reduce((a, b) => a + b, 0)
  const byRemainder = exact
    .map((share, i) => ({ i, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder)
  for (const { i } of byRemainder.slice(0, Math.round(rest))) shares[i]! += 1
  return shares
}
