import { cachedShareOf } from './scopes.ts'
import { countOf, statsOf, trendOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { GroupReport, RunInfo } from '../../results/index.ts'

/** Figures per application or turn over the measured phases; groups without a request are left out. */
export function groupReports(summary: Summary, run: RunInfo): GroupReport[] {
  return (run.groups ?? []).flatMap(({ tag, values }) =>
    values.flatMap((name): GroupReport[] => {
      const tags = { measured: 'true', [tag]: name }
      const started = countOf(summary, 'llm_requests_started', tags)
      if (!started) return []
      const failed = statsOf(summary, 'rate', 'llm_request_failed', tags)
      const trend = (metric: string) => trendOf(summary, metric, tags)
      const ttft = trend('llm_ttft')
      return [
        {
          by: tag,
          name,
          started,
          completed: countOf(summary, 'llm_requests', { ...tags, outcome: 'completed' }),
          errorRate: failed.kind === 'rate' ? failed.rate : null,
          ttftP50Ms: ttft.p50,
          ttftP95Ms: ttft.p95,
          tpotP50Ms: trend('llm_tpot').p50,
          e2eP50Ms: trend('llm_e2e').p50,
          inputTokensMean: trend('llm_input_tokens_per_request').avg,
          outputTokensMean: trend('llm_output_tokens_per_request').avg,
          cachedShare: cachedShareOf(summary, tags),
        },
      ]
    }),
  )
}
