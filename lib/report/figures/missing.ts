import type { Figure, RunInfo, ScopeReport, TrendStats } from '../../results/index.ts'

/** Measured requests missing from the figures because the run ended. */
export interface Missing {
  /** Sent, but without an outcome when the run ended. */
  inFlight: number
  /** Never sent, because the run ended before its plan. */
  unsent: number
}

/** A run counts as ended early when it misses more than this of its plan, ms; k6 rounds ends. */
const EARLY_MS = 1_000

/** Whether the run ended before its load did, or nothing shows that it did not. */
export function endedEarly(run: RunInfo, elapsedMs: number): boolean {
  return run.noEnd === true || elapsedMs < run.plan.endMs - EARLY_MS
}

/** Requests that were sent and had no outcome when the run ended; null where only finished ones are known. */
export function inFlightAtEnd(
  run: RunInfo,
  { started, finished }: Pick<ScopeReport, 'started' | 'finished'>,
): Figure {
  if (run.finishedOnly === true) return run.cutOff ?? null
  return started === null || finished === null ? null : Math.max(0, started - finished)
}

/**
 * Requests that the end of the run removed from the measured figures. In an open loop the plan says how
 * many were still to come, or the pace so far where that gives more (a conversation sends several); in
 * a closed loop only the pace does. A run that ended at a bound on what it spends had no more to come.
 */
export function missingRequests(
  run: RunInfo,
  measured: Pick<ScopeReport, 'started' | 'finished' | 'lengthMs'>,
  elapsedMs: number,
  bounded = false,
): Missing {
  const { started, lengthMs } = measured
  const inFlight = inFlightAtEnd(run, measured) ?? 0
  if (bounded || !endedEarly(run, elapsedMs)) return { inFlight, unsent: 0 }
  const phases = run.plan.phases.filter((phase) => phase.measured)
  let restMs = 0
  let planned = 0
  for (const { startMs, endMs, from, to } of phases) {
    const begin = Math.max(startMs, elapsedMs)
    if (begin >= endMs) continue
    const level = from + ((to - from) * (begin - startMs)) / (endMs - startMs)
    restMs += endMs - begin
    planned += ((endMs - begin) * (level + to)) / 2 / 1000
  }
  const paced = lengthMs > 0 ? ((started ?? 0) * restMs) / lengthMs : 0
  const asked = run.plan.loop === 'open' ? planned : 0
  // At least one, if anything was still to come.
  return { inFlight, unsent: restMs > 0 ? Math.max(1, Math.ceil(Math.max(asked, paced))) : 0 }
}

/** Whether a limit is certainly kept, or certainly missed, whatever the missing samples would have been. */
export interface Certain {
  kept: boolean
  missed: boolean
}

/** The samples of a limit. */
interface Among {
  /** Number that is known. */
  total: number
  /** Number that is missing. */
  missing: number
  /** Of the known, those whose true value may be on the wrong side of the limit; none by default. */
  hidden?: number
}

/**
 * For a limit on a share, at most (errors) or at least (goodput): all missing samples go one way, or all
 * the other.
 * @param hits samples that count towards the share
 */
export function certainShare(
  { hits, total, missing, hidden = 0 }: Among & { hits: number },
  keeps: (share: number) => boolean,
): Certain {
  const least = Math.max(0, hits - hidden)
  const ends = [least, hits + missing].map((n) => keeps(n / (total + missing)))
  return { kept: ends.every(Boolean), missed: !ends.some(Boolean) }
}

/**
 * For an upper limit on a percentile. How many samples lie above it is known only as far as their
 * percentiles tell; the missing samples all lie above it, or all below.
 * @param p 0-1; linear interpolation at p·(n−1), as k6 computes it
 * @param total number of samples
 */
export function certainPercentile(
  stats: TrendStats,
  p: number,
  limit: number,
  { total, missing, hidden = 0 }: Among,
): Certain {
  const all = total + missing
  const rank = p * (all - 1)
  const { least, most } = samplesAbove(stats, limit, total)
  return {
    kept: most + missing + hidden <= all - 1 - Math.ceil(rank),
    missed: least >= all - Math.floor(rank),
  }
}

/** For an upper limit on a mean. A missing or hidden sample may be arbitrarily large; one missing is at least 0. */
export function certainMean(
  { avg }: TrendStats,
  limit: number,
  { total, missing }: Among,
): Certain {
  const least = avg === null ? 0 : (avg * total) / (total + missing)
  return { kept: false, missed: least > limit }
}

/** Fewest and most samples that can lie above a limit, given the known percentiles. */
function samplesAbove(stats: TrendStats, limit: number, total: number) {
  const known = [
    [0, stats.min],
    [0.5, stats.p50],
    [0.9, stats.p90],
    [0.95, stats.p95],
    [0.99, stats.p99],
    [1, stats.max],
  ] as const
  let least = 0
  let most = total
  for (const [p, value] of known) {
    if (value === null) continue
    // A value between two samples: the upper one is at least as large, the lower one at most.
    const rank = p * (total - 1)
    if (value > limit) least = Math.max(least, total - Math.ceil(rank))
    else most = Math.min(most, total - 1 - Math.floor(rank))
  }
  return { least, most }
}
