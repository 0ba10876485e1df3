import { servedPerS, trendOf } from '../runs/index.ts'
import type { RequestSample, Run } from '../runs/index.ts'
import type { Energy, Part, Tokens, Usage } from './types.ts'

/** Metric of the GPU power as scraped, W, summed over GPUs (see lib/server-metrics). */
const POWER = 'llm_gpu_power'

/**
 * What a run used in its measured window. Totals and rates come from the report, over as much of the
 * window as ran; parts come from its requests, or without records from the report's groups.
 */
export function usageOf(run: Run): Usage {
  const { measured } = run.report
  const inputs = trendOf(measured, 'llm_input_tokens_per_request')
  const outputs = trendOf(measured, 'llm_output_tokens_per_request')
  const completed = measured.completed ?? 0
  const input = sumOf(inputs)
  return {
    lengthMs: measured.lengthMs,
    plannedMs: run.window.plannedMs,
    endedEarly: run.window.endedEarly,
    completedPerS: servedPerS(run.report),
    outputTokensPerS: measured.outputTokensPerS,
    outputTokensPerSWithin: measured.intervals?.['outputTokensPerS'],
    total: {
      requests: completed,
      input,
      cached: (measured.cachedShare ?? 0) * input,
      output: ((measured.outputTokensPerS ?? 0) * measured.lengthMs) / 1000,
      billedOutput: sumOf(outputs),
    },
    uncounted: Math.max(0, completed - (inputs?.count ?? 0)),
    cachedKnown: measured.cachedShare !== null,
    parts: run.requests === undefined ? groupParts(run.report) : requestParts(run.requests),
    energy: energyOf(run),
  }
}

/** Parts of the traffic by application and by model. */
function requestParts(requests: readonly RequestSample[]): Part[] {
  return [
    ...partsBy(requests, 'application', ({ app }) => app),
    ...partsBy(requests, 'model', ({ model }) => model),
  ]
}

function partsBy(
  requests: readonly RequestSample[],
  by: Part['by'],
  nameOf: (request: RequestSample) => string,
): Part[] {
  const parts = new Map<string, Tokens>()
  for (const r of requests) {
    if (r.outcome !== 'completed') continue
    const name = nameOf(r)
    const into = parts.get(name) ?? { requests: 0, input: 0, cached: 0, output: 0, billedOutput: 0 }
    parts.set(name, into)
    // Received within the window, whichever phase the request belongs to.
    into.output += r.measuredTokens
    if (!r.measured) continue
    into.requests++
    into.input += r.inputTokens ?? 0
    into.cached += r.cachedTokens ?? 0
    into.billedOutput += r.outputTokens
  }
  return [...parts]
    .filter(([, { requests: n, output }]) => n > 0 || output > 0)
    .map(([name, tokens]) => ({ by, name, tokens }))
}

/** Parts as far as results tell: from the mean lengths of each application's requests. */
function groupParts({ groups }: Run['report']): Part[] {
  return groups.flatMap((group): Part[] => {
    const { by, name, completed, inputTokensMean, outputTokensMean, cachedShare } = group
    if (by !== 'app' || !completed || outputTokensMean === null) return []
    const input = completed * (inputTokensMean ?? 0)
    const output = completed * outputTokensMean
    const cached = (cachedShare ?? 0) * input
    const tokens = { requests: completed, input, cached, output, billedOutput: output }
    return [{ by: 'application', name, tokens }]
  })
}

/**
 * Energy per output token: the report's own figure where the server counts energy; else its mean power
 * in the measured window over the tokens received in it.
 */
function energyOf({ report, server, window }: Run): Energy | undefined {
  const own = report.server?.joulesPerToken ?? null
  if (own !== null) return { joulesPerToken: own, source: 'energy' }
  const watts = server
    .filter(({ atMs }) => window.spans.some((s) => atMs >= s.startMs && atMs < s.endMs))
    .flatMap(({ values }) => values[POWER] ?? [])
  if (watts.length === 0) return undefined
  const powerW = watts.reduce((sum, w) => sum + w, 0) / watts.length
  return { ...energyAt(powerW, report.measured.outputTokensPerS), source: 'power' }
}

/**
 * Energy per output token at a power: power / throughput, J; null without output.
 * @param powerW mean power of all GPUs, W
 * @param outputTokensPerS output tokens/s
 */
export function energyAt(powerW: number, outputTokensPerS: number | null): Energy {
  const joulesPerToken = outputTokensPerS ? powerW / outputTokensPerS : null
  return { powerW, joulesPerToken, source: 'given' }
}

function sumOf(stats: ReturnType<typeof trendOf>): number {
  return (stats?.count ?? 0) * (stats?.avg ?? 0)
}
