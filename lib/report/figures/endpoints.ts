import { playedSlices } from './played-slices.ts'
import { countOf, statsOf, trendOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { EndpointReport, Figure, RunInfo } from '../../results/index.ts'

/** Figures per endpoint over the measured phases, and its outage; [] with a single endpoint. */
export function endpointReports(summary: Summary, run: RunInfo): EndpointReport[] {
  const endpoints = run.endpoints ?? []
  if (endpoints.length < 2) return []
  const measured = { measured: 'true' }
  const count = (endpoint: string, metric: string, tags = {}) =>
    countOf(summary, metric, { ...measured, endpoint, ...tags })
  const started = endpoints.map(({ name }) => count(name, 'llm_requests_started'))
  const all = started.reduce<number>((sum, n) => sum + (n ?? 0), 0)
  const weights = endpoints.reduce((sum, { weight }) => sum + weight, 0)
  return endpoints.map(({ name, weight }, i) => {
    const failed = statsOf(summary, 'rate', 'llm_request_failed', { ...measured, endpoint: name })
    const ttft = trendOf(summary, 'llm_ttft', { ...measured, endpoint: name })
    const own = started[i] ?? null
    return {
      endpoint: name,
      started: own,
      share: own === null || all === 0 ? null : own / all,
      wantedShare: weight / weights,
      completed: count(name, 'llm_requests', { outcome: 'completed' }),
      errorRate: failed.kind === 'rate' ? failed.rate : null,
      ttftP50Ms: ttft.p50,
      ttftP95Ms: ttft.p95,
      ...outage(summary, run, name),
    }
  })
}

/**
 * From the start of the first slice in which more than the allowed share of an endpoint's requests
 * failed to the end of the last such slice; recovered when a slice without such failures follows. The
 * resolution is the length of a slice.
 */
function outage(
  summary: Summary,
  run: RunInfo,
  endpoint: string,
): Pick<EndpointReport, 'outageFromMs' | 'outageMs' | 'recovered'> {
  let from: Figure = null
  let until = 0
  let recovered: boolean | null = null
  for (const { slice, startMs, endMs } of playedSlices(summary, run)) {
    const stats = statsOf(summary, 'rate', 'llm_request_failed', { endpoint, slice })
    if (stats.kind !== 'rate' || stats.rate === null) continue
    if (stats.rate > run.slo.errorRate) {
      from ??= startMs
      until = endMs
      recovered = false
    } else if (recovered === false) recovered = true
  }
  return { outageFromMs: from, outageMs: from === null ? null : until - from, recovered }
}
