import { percentile } from '../statistics/index.ts'
import { limitsSet, type Slo } from './limits.ts'
import type { TimingField, TimingValues } from './types.ts'

/** A limit that one request must keep to be good. */
export interface RequestLimit {
  timing: TimingField
  limitMs: number
  /** Percentile of the request's own gaps (0-1) that is held to it, where the timing is of gaps. */
  share: number
}

/**
 * What a service level by percentiles asks of a single request: of each latency the limit at p95,
 * else at p99, else at p90. One at the median or the mean asks nothing of a single request: half of
 * those of a server that keeps it lie above.
 */
export function requestLimits(slo: Slo): RequestLimit[] {
  const found = new Map<TimingField, RequestLimit>()
  const set = limitsSet(slo)
  for (const wanted of [0.95, 0.99, 0.9]) {
    for (const { timing, limitMs, share } of set) {
      if (share === wanted && !found.has(timing)) found.set(timing, { timing, limitMs, share })
    }
  }
  return [...found.values()]
}

/** Timings that a good answer may lack: it is then judged without them. */
const MAY_LACK: Readonly<Record<TimingField, boolean>> = {
  ttfbMs: false,
  ttftMs: false,
  ttfoMs: false,
  /** An answer of one token. */
  tpotMs: true,
  iclMs: true,
  itlMs: true,
  stallMs: true,
  e2eMs: false,
  streamMs: false,
  /** A connection that was kept. */
  connectingMs: true,
  tlsMs: true,
  /** No schedule. */
  latenessMs: true,
  ttftDueMs: false,
  e2eDueMs: false,
}

/**
 * Whether a completed request keeps every limit (at the limit counts as kept). A timing without a
 * value misses its limit, unless a good answer may lack it.
 */
export function meetsSlo(timings: TimingValues, limits: readonly RequestLimit[]): boolean {
  return limits.every(({ timing, limitMs, share }) => {
    const own = timings[timing]
    const value = typeof own === 'object' ? percentile(own, share) : own
    return value === undefined ? MAY_LACK[timing] : value <= limitMs
  })
}
