import { ENGINES } from '../../lib/server-metrics/index.ts'
import type { EngineName, ServerFigure, Source } from '../../lib/server-metrics/index.ts'
import type { Target } from './panels.ts'
import { WINDOW } from './queries.ts'

/** A histogram or pair of counters that a mean is made of, in seconds after `scale`. */
interface MeanSource {
  sum: string
  count: string
  labels?: string
  scale?: number
}

const histogram = (name: string, labels?: string): MeanSource => {
  const pair = { sum: `${name}_sum`, count: `${name}_count` }
  return labels === undefined ? pair : { ...pair, labels }
}

/** Server-side times, as means: what an engine does not tell is missing. */
export interface EngineTimes {
  /** From arrival at the engine to the first token. */
  ttft?: MeanSource
  queue?: MeanSource
  prefill?: MeanSource
  /** Counter of generated tokens. */
  outputTokens?: string
}

export const TIMES: Readonly<Record<Exclude<EngineName, 'dcgm'>, EngineTimes>> = {
  vllm: {
    ttft: histogram('vllm:time_to_first_token_seconds'),
    queue: histogram('vllm:request_queue_time_seconds'),
    prefill: histogram('vllm:request_prefill_time_seconds'),
    outputTokens: 'vllm:generation_tokens_total',
  },
  sglang: {
    ttft: histogram('sglang:time_to_first_token_seconds'),
    queue: histogram('sglang:queue_time_seconds'),
    prefill: histogram('sglang:per_stage_req_latency_seconds', 'stage="prefill_forward"'),
    outputTokens: 'sglang:generation_tokens_total',
  },
  tgi: {
    queue: histogram('tgi_request_queue_duration'),
    prefill: histogram('tgi_batch_inference_duration', 'method="prefill"'),
    outputTokens: 'tgi_request_generated_tokens_sum',
  },
  triton: {
    queue: {
      sum: 'nv_inference_queue_duration_us',
      count: 'nv_inference_request_success',
      scale: 1e-6,
    },
  },
  trtllm: {
    ttft: histogram('trtllm_time_to_first_token_seconds'),
    queue: histogram('trtllm_request_queue_time_seconds'),
    prefill: histogram('trtllm_request_prefill_time_seconds'),
    outputTokens: 'trtllm_generation_tokens_total',
  },
  llamacpp: { outputTokens: 'llamacpp:tokens_predicted_total' },
  dynamo: {
    ttft: histogram('dynamo_frontend_time_to_first_token_seconds'),
    outputTokens: 'dynamo_frontend_output_tokens_total',
  },
}

/** Which scraped servers: variables of the dashboards. Without such a label a series matches All. */
export const SCRAPED = 'job=~"$job",namespace=~"$namespace",pod=~"$pod",instance=~"$instance"'
const AGGREGATES = { sum: 'sum', max: 'max', mean: 'avg' } as const

export const titleOf = (name: EngineName) =>
  ENGINES.find((engine) => engine.name === name)?.title ?? name

/** A figure of an engine by Prometheus; counters as growth a second. */
function expression({ terms, over, scale = 1 }: Source, counted: boolean): string {
  const values = terms.map(({ metric, labels = {} }) => {
    const where = [SCRAPED, ...Object.entries(labels).map(([key, value]) => `${key}="${value}"`)]
    const selector = `${metric}{${where.join(',')}}`
    return `${AGGREGATES[over]} (${counted ? `rate(${selector}[${WINDOW}])` : selector})`
  })
  const value = values.join(' + ')
  return scale === 1 ? value : `(${value}) * ${scale}`
}

/** A figure of one engine; undefined where it does not tell. Older names by `or`. */
export function figure(
  name: EngineName,
  wanted: ServerFigure,
  counted = false,
): string | undefined {
  const sources = ENGINES.find((engine) => engine.name === name)?.figures[wanted]
  return sources?.map((source) => expression(source, counted)).join(' or ')
}

/** One target for each engine that tells the figure. */
export function perEngine(
  of: (name: Exclude<EngineName, 'dcgm'>) => string | undefined,
  legend: (title: string) => string = (title) => title,
): Target[] {
  return (Object.keys(TIMES) as (keyof typeof TIMES)[]).flatMap((name) => {
    const expr = of(name)
    return expr === undefined ? [] : [{ expr, legend: legend(titleOf(name)) }]
  })
}

/** Mean of a server-side time over the window, or another range, s. */
export function serverMean(
  name: keyof typeof TIMES,
  time: 'ttft' | 'queue' | 'prefill',
  range = WINDOW,
): string | undefined {
  const source = TIMES[name][time]
  if (source === undefined) return undefined
  const where = source.labels === undefined ? SCRAPED : `${SCRAPED},${source.labels}`
  const rate = (metric: string) => `sum (rate(${metric}{${where}}[${range}]))`
  const value = `${rate(source.sum)} / (${rate(source.count)} > 0)`
  return source.scale === undefined ? value : `${value} * ${source.scale}`
}

export function serverTokens(name: keyof typeof TIMES): string | undefined {
  const metric = TIMES[name].outputTokens
  return metric === undefined ? undefined : `sum (rate(${metric}{${SCRAPED}}[${WINDOW}]))`
}
