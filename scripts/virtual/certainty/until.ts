import { looks, quantileEstimate, verdictOf } from '../../../lib/statistics/index.ts'
import type { Verdict } from '../../../lib/statistics/index.ts'
import { truthOf, WARM_UP } from './cover.ts'
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

/** The true p99 of TTFT, ms, from so many requests. */
export function trueP99(
  { arrivals, use }: Pick<UntilCell, 'arrivals' | 'use'>,
  requests: number,
): number {
  return truthOf({ arrivals, use }, requests, 2_000_003).ttft_p99
}

/** Plays runs that end at the first look that decides, and counts how they end. */
export function untilDecided(cell: UntilCell, runs: number, p99: number): UntilResult {
  const limit = p99 / cell.ofLimit
  const right: Verdict = p99 <= limit ? 'kept' : 'missed'
  const result = { runs, kept: 0, missed: 0, wrong: 0, played: 0 }
  for (let seed = 1; seed <= runs; seed++) {
    const whole = play(cell.arrivals, cell.use, WARM_UP + cell.requests, 5000 + seed)
    const { verdict, share } = decided(stretchOf(whole, WARM_UP, WARM_UP + cell.requests), limit)
    result.played += share
    if (verdict === 'undecided') continue
    result[verdict]++
    if (verdict !== right) result.wrong++
  }
  return result
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
