import type { EngineStats } from './engine/index.ts'
import { createHistogram } from './histogram.ts'

// Bucket bounds are vLLM's own (vllm/v1/metrics/loggers.py), so that its dashboards read these.
const TTFT_S = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
  160, 640, 2560,
]
const ITL_S = [
  0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
]
const REQUEST_S = [
  0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680,
]
const TOKENS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000,
]

/** Server-side times of one finished request, ms on the engine's clock. */
export interface FinishedTimes {
  arrivalMs: number
  scheduledMs: number
  firstTokenMs: number
  lastTokenMs: number
  promptTokens: number
  outputTokens: number
  finishReason: string
}

export interface ServerMetrics {
  promptTokens(count: number): void
  token(gapMs: number | undefined, ttftMs: number | undefined): void
  finished(times: FinishedTimes): void
  /** `abort` and the like: no times. */
  ended(reason: string): void
  expose(engine: EngineStats): string
}

/** vLLM's metrics: names, labels and units (seconds) as vLLM gives them. */
export function createServerMetrics(model: string): ServerMetrics {
  const escaped = model.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
  const labels = `engine="0",model_name="${escaped}"`
  let promptTotal = 0
  let generationTotal = 0
  const success = new Map<string, number>([
    ['stop', 0],
    ['length', 0],
    ['abort', 0],
  ])
  const histograms = {
    time_to_first_token_seconds: createHistogram(TTFT_S),
    inter_token_latency_seconds: createHistogram(ITL_S),
    request_time_per_output_token_seconds: createHistogram(ITL_S),
    e2e_request_latency_seconds: createHistogram(REQUEST_S),
    request_queue_time_seconds: createHistogram(REQUEST_S),
    request_inference_time_seconds: createHistogram(REQUEST_S),
    request_prefill_time_seconds: createHistogram(REQUEST_S),
    request_decode_time_seconds: createHistogram(REQUEST_S),
    request_prompt_tokens: createHistogram(TOKENS),
    request_generation_tokens: createHistogram(TOKENS),
  }
  function count(reason: string): void {
    success.set(reason, (success.get(reason) ?? 0) + 1)
  }
  return {
    promptTokens(tokens) {
      promptTotal += tokens
    },
    token(gapMs, ttftMs) {
      generationTotal++
      if (gapMs !== undefined) histograms.inter_token_latency_seconds.observe(gapMs / 1000)
      if (ttftMs !== undefined) histograms.time_to_first_token_seconds.observe(ttftMs / 1000)
    },
    finished(t) {
      const s = (from: number, to: number): number => (to - from) / 1000
      count(t.finishReason === 'tool_calls' ? 'stop' : t.finishReason)
      histograms.e2e_request_latency_seconds.observe(s(t.arrivalMs, t.lastTokenMs))
      histograms.request_queue_time_seconds.observe(s(t.arrivalMs, t.scheduledMs))
      histograms.request_inference_time_seconds.observe(s(t.scheduledMs, t.lastTokenMs))
      histograms.request_prefill_time_seconds.observe(s(t.scheduledMs, t.firstTokenMs))
      histograms.request_decode_time_seconds.observe(s(t.firstTokenMs, t.lastTokenMs))
      if (t.outputTokens > 1)
        histograms.request_time_per_output_token_seconds.observe(
          s(t.firstTokenMs, t.lastTokenMs) / (t.outputTokens - 1),
        )
      histograms.request_prompt_tokens.observe(t.promptTokens)
      histograms.request_generation_tokens.observe(t.outputTokens)
    },
    ended: count,
    expose(engine) {
      const lines: string[] = []
      function put(name: string, type: string, help: string, rows: string[]): void {
        lines.push(`# HELP vllm:${name} ${help}`, `# TYPE vllm:${name} ${type}`, ...rows)
      }
      const one = (name: string, type: string, help: string, value: number): void =>
        put(name, type, help, [`vllm:${name}{${labels}} ${value}`])
      one('num_requests_running', 'gauge', 'Requests in the batch.', engine.running)
      one('num_requests_waiting', 'gauge', 'Requests in the queue.', engine.waiting)
      one('kv_cache_usage_perc', 'gauge', 'KV-cache use, 1 = full.', engine.kvUsage)
      one('num_preemptions_total', 'counter', 'Preemptions.', engine.preemptions)
      one('prefix_cache_queries_total', 'counter', 'Tokens looked up.', engine.prefixQueries)
      one('prefix_cache_hits_total', 'counter', 'Tokens found.', engine.prefixHits)
      one('prompt_tokens_total', 'counter', 'Prompt tokens.', promptTotal)
      one('generation_tokens_total', 'counter', 'Generated tokens.', generationTotal)
      const rows = [...success].map(
        ([reason, n]) => `vllm:request_success_total{${labels},finished_reason="${reason}"} ${n}`,
      )
      put('request_success_total', 'counter', 'Requests by finish reason.', rows)
      for (const [name, histogram] of Object.entries(histograms))
        put(name, 'histogram', name.replaceAll('_', ' '), histogram.expose(`vllm:${name}`, labels))
      return `${lines.join('\n')}\n`
    },
  }
}
