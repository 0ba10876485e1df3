import { figureDef, figureOfRun, windowPosition } from '../runs/index.ts'
import type { FigureDef, Run } from '../runs/index.ts'
import { totals } from './totals.ts'
import type { Measurement } from './types.ts'

/** Stretches that a run's window is cut into to see how sure its good share is. */
const STRETCHES = 6

/**
 * What a run's records say of a load. Requests must carry `good`: a run without limits has none.
 * @param warmupMs how much load came before the measured window
 */
export function measurementOf(run: Run, load: number, warmupMs: number): Measurement {
  const { lengthMs: windowMs, spans } = run.window
  const stretches = Array.from({ length: STRETCHES }, () => ({ good: 0, judged: 0 }))
  let completed = 0
  for (const r of run.requests ?? []) {
    // Throughput counts what is completed inside of the window, whenever it began.
    const ended = spans.some(({ startMs, endMs }) => r.endMs >= startMs && r.endMs < endMs)
    if (r.outcome === 'completed' && ended) completed++
    if (!r.measured) continue
    if (r.outcome === 'aborted' || r.good === undefined) continue
    const at = Math.floor((windowPosition(run.window, r.atMs) / windowMs) * STRETCHES)
    const stretch = stretches[Math.min(at, STRETCHES - 1)] as { good: number; judged: number }
    stretch.judged++
    if (r.good) stretch.good++
  }
  const figure = (id: string) => figureOfRun(figureDef(id) as FigureDef, run) ?? null
  return {
    load,
    ...totals(stretches),
    warmupMs,
    windowMs,
    completed,
    outputTokensPerS: figure('output_tokens_per_s'),
    ttftP50Ms: figure('ttft_p50'),
    ttftP95Ms: figure('ttft_p95'),
    tpotP50Ms: figure('tpot_p50'),
    tpotP95Ms: figure('tpot_p95'),
    e2eMeanMs: figure('e2e_mean'),
    stretches,
    clientLimit: run.conditions.clientLimits[0],
  }
}
