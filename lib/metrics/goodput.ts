import { percentile } from '../statistics/index.ts'
import type { RequestLimits, Slo, TimingValues } from './types.ts'

/**
 * What a service level by percentiles asks of a single request: the limit at p95, else the one at
 * p99. An ITL limit judges the same percentile of the request's own gaps.
 */
export function requestLimits(slo: Slo): RequestLimits {
  return {
    ttftMs: slo.ttftP95Ms ?? slo.ttftP99Ms,
    tpotMs: slo.tpotP95Ms ?? slo.tpotP99Ms,
    itlMs: slo.itlP95Ms ?? slo.itlP99Ms,
    itlPercentile: slo.itlP95Ms === undefined ? 0.99 : 0.95,
    e2eMs: slo.e2eP95Ms ?? slo.e2eP99Ms,
  }
}

/** True when at least one latency limit is set: without one there is no goodput to speak of. */
export function hasLimits(limits: RequestLimits): boolean {
  return [limits.ttftMs, limits.tpotMs, limits.itlMs, limits.e2eMs].some((l) => l !== undefined)
}

/**
 * Whether a completed request keeps every limit (at the limit counts as kept). TTFT and E2E without
 * a value miss their limit; TPOT and ITL without one (an answer of one token) are not judged.
 */
export function meetsSlo(timings: TimingValues, limits: RequestLimits): boolean {
  const { ttftMs, tpotMs, itlMs, e2eMs } = limits
  if (ttftMs !== undefined && !(timings.ttftMs !== undefined && timings.ttftMs <= ttftMs)) {
    return false
  }
  if (e2eMs !== undefined && !(timings.e2eMs !== undefined && timings.e2eMs <= e2eMs)) return false
  if (tpotMs !== undefined && timings.tpotMs !== undefined && timings.tpotMs > tpotMs) return false
  if (itlMs !== undefined) {
    const itl = percentile(timings.itlMs, limits.itlPercentile)
    if (itl !== undefined && itl > itlMs) return false
  }
  return true
}
