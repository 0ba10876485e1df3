import { looks, quantileEstimate, verdictOf } from '../../../lib/statistics/index.ts'
import type { Verdict } from '../../../lib/statistics/index.ts'
import { WARM_UP } from './cover.ts'
import { stretchOf } from './figures.ts'
import type { Played } from './play.ts'
import { play } from './play.ts'
import type { Arrivals } from './traffic.ts'

/** A load test that ends as soon as its limit on the p99 of TTFT is decided, over and over. */
export interface UntilCell {
  readonly arrivals: Arrivals
  readonly use: number
  /** The true p99 over the limit: 0.5 is a limit kept with ease. */
  readonly ofLimit: number
  /** Requests of the longest run. */
  readonly requests: number
}

export interface UntilResult {
  runs: number
  kept: number
  missed: number
  /** Decided against the truth. */
  wrong: number
  /** Sum of the shares of the longest run that were played. */
  played: number
}

/**
 * Plays runs that end at the first look that decides, and counts how they end.
 * @param ofLimits see {@link UntilCell}; each run is played once for all of them
 * @param p99 the true one of TTFT, ms
 */
export function untilDecided(
  { arrivals, use, requests }: Omit<UntilCell, 'ofLimit'>,
  ofLimits: readonly number[],
  runs: number,
  p99: number,
): { cell: UntilCell; result: UntilResult }[] {
  const all = ofLimits.map((ofLimit) => ({
    cell: { arrivals, use, requests, ofLimit },
    result: { runs, kept: 0, missed: 0, wrong: 0, played: 0 },
  }))
  for (let seed = 1; seed <= runs; seed++) {
    const whole = play(arrivals, use, WARM_UP + requests, 5000 + seed)
    const run = stretchOf(whole, WARM_UP, WARM_UP + requests)
    for (const { cell, result } of all) {
      const limit = p99 / cell.ofLimit
      const { verdict, share } = decided(run, limit)
      result.played += share
      if (verdict === 'undecided') continue
      result[verdict]++
      if (verdict !== (p99 <= limit ? 'kept' : 'missed')) result.wrong++
    }
  }
  return all
}

function decided(
  run: Pick<Played, 'atMs' | 'ttftMs'>,
  limit: number,
): { verdict: Verdict; share: number } {
  const startMs = run.atMs[0] as number
  const lengthMs = (run.atMs[run.atMs.length - 1] as number) - startMs
  for (const { atMs, confidence } of looks(lengthMs, 1)) {
    const so = run.atMs.findIndex((ms) => ms - startMs > atMs)
    const to = so < 0 ? run.atMs.length : so
    const seen = {
      values: run.ttftMs.subarray(0, to),
      timesMs: run.atMs.subarray(0, to),
      queued: true,
    }
    const verdict = verdictOf(quantileEstimate(seen, 0.99, confidence), limit, 'atMost')
    if (verdict !== 'undecided') return { verdict, share: atMs / lengthMs }
  }
  return { verdict: 'undecided', share: 1 }
}
