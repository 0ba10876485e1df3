import { countedInCells, queueGrows } from '../../../lib/statistics/index.ts'
import { WARM_UP } from './cover.ts'
import { play } from './play.ts'
import type { Played } from './play.ts'
import type { Arrivals } from './traffic.ts'

/** A load of which it is told whether the server keeps up. */
export interface OverloadCell {
  readonly arrivals: Arrivals
  /** Arrivals over what the server can complete; 1 and more is an overload. */
  readonly use: number
  readonly requests: number
}

/** Requests before a run where the server does not keep up: most of them are still waiting when it begins. */
const BEFORE = 200
/** As far back as requests may have come that are answered in a run. */
const EARLIER = 5_000

/** @returns how many of the runs are said to be overloaded */
export function countOverloads({ arrivals, use, requests }: OverloadCell, runs: number): number {
  const before = use < 1 ? WARM_UP : BEFORE
  let found = 0
  for (let seed = 1; seed <= runs; seed++) {
    const played = play(arrivals, use, before + requests, 9000 + seed)
    if (isOverloaded(played, before)) found++
  }
  return found
}

function isOverloaded({ atMs, e2eMs }: Played, from: number): boolean {
  const run = { startMs: atMs[from] as number, endMs: atMs[atMs.length - 1] as number }
  const first = Math.max(0, from - EARLIER)
  const came = atMs.subarray(first)
  const went = came.map((ms, i) => ms + (e2eMs[first + i] as number))
  return queueGrows(countedInCells(came, run), countedInCells(went, run))
}
