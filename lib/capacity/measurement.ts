import { trendOf, windowPosition } from '../runs/index.ts'
import type { MeasuredWindow, RequestSample, Run } from '../runs/index.ts'
import { totals } from './totals.ts'
import type { Measurement } from './types.ts'
import { workloadOf } from './workload.ts'

/** Stretches that a run's window is cut into, to see how certain its good share is. */
const STRETCHES = 6

/**
 * What a run says about a load. Figures are those of its report; how good requests spread over the
 * window comes from its records. Requests must carry `good`: a run without limits has none.
 * @param load requests/s or requests in flight, as asked
 * @param warmupMs how long the load ran before the measured window
 */
export function measurementOf(run: Run, load: number, warmupMs: number): Measurement {
  const { measured } = run.report
  const judged = judgedOver(run.window, run.requests ?? [])
  return {
    load,
    ...judged,
    warmupMs,
    windowMs: measured.lengthMs,
    completed: measured.completed ?? 0,
    completedPerS: measured.completedPerS,
    outputTokensPerS: measured.outputTokensPerS,
    ttftP50Ms: trendOf(measured, 'llm_ttft')?.p50 ?? null,
    ttftP95Ms: trendOf(measured, 'llm_ttft')?.p95 ?? null,
    tpotP50Ms: trendOf(measured, 'llm_tpot')?.p50 ?? null,
    tpotP95Ms: trendOf(measured, 'llm_tpot')?.p95 ?? null,
    e2eMeanMs: trendOf(measured, 'llm_e2e')?.avg ?? null,
    clientLimit: run.conditions.clientLimits[0],
    workload: workloadOf(run),
  }
}

/** Good and judged requests, in total and over the window, and how many the server completed in it. */
function judgedOver(
  window: MeasuredWindow,
  requests: readonly RequestSample[],
): Pick<Measurement, 'judged' | 'good' | 'served' | 'stretches'> {
  const stretches = Array.from({ length: STRETCHES }, () => ({ good: 0, judged: 0 }))
  let served = 0
  for (const r of requests) {
    const ends = window.spans.some(({ startMs, endMs }) => r.endMs >= startMs && r.endMs < endMs)
    if (r.outcome === 'completed' && ends) served++
    if (!r.measured || r.outcome === 'aborted' || r.good === undefined) continue
    const at = Math.floor((windowPosition(window, r.atMs) / window.lengthMs) * STRETCHES)
    const stretch = stretches[Math.min(at, STRETCHES - 1)] as { good: number; judged: number }
    stretch.judged++
    if (r.good) stretch.good++
  }
  return { ...totals(stretches), served, stretches }
}
