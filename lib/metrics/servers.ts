import type { MetricDef } from './types.ts'

const NO_VALUE = 'the server has no /metrics, its engine does not tell, or METRICS_URL is off'
const TAGS = ['phase', 'measured'] as const

function figure<N extends string, K extends MetricDef['kind'], U extends MetricDef['unit']>(
  name: N,
  kind: K,
  unit: U,
  title: string,
  formula: string,
  better: MetricDef['better'] = 'none',
) {
  return {
    name,
    kind,
    unit,
    title,
    formula,
    noValue: NO_VALUE,
    better,
    source: "the server's and the GPUs' own /metrics, polled beside the load",
    completedOnly: false,
    tags: TAGS,
  } as const satisfies MetricDef
}

/**
 * What the server says of itself, under names that all engines share. Counters count from the first
 * poll on and belong to the phase of the poll that saw them.
 */
export const SERVERS = [
  {
    ...figure(
      'llm_server_polls',
      'counter',
      'none',
      'Readings of the server',
      "readings in which the server told a figure, by the figure's metric: without one, k6 gives a gauge as 0",
    ),
    tags: [...TAGS, 'figure'],
  },
  {
    ...figure(
      'llm_server_readings',
      'counter',
      'none',
      'Tries to read the server',
      'tries to read its metrics, by the variable that names the address (`source`) and by what came of it (`result`)',
    ),
    tags: ['source', 'result'],
  },
  {
    ...figure(
      'llm_server_impossible',
      'counter',
      'none',
      'Impossible values of the server',
      "values that were left out because they cannot be (NaN, below 0, a share above 1, a counter that fell), by the figure's metric",
    ),
    tags: ['figure'],
  },
  figure(
    'llm_server_running',
    'gauge',
    'requests',
    'Running on the server',
    'requests in the batch, summed over replicas',
  ),
  figure(
    'llm_server_waiting',
    'gauge',
    'requests',
    'Waiting on the server',
    "requests in the server's queue, summed over replicas",
    'lower',
  ),
  figure(
    'llm_server_kv_cache_usage',
    'gauge',
    'share',
    'KV-cache use',
    'share of the KV cache in use, 1 = full; of the fullest replica',
  ),
  figure(
    'llm_server_preemptions',
    'counter',
    'none',
    'Preemptions',
    'requests that lost their KV cache to others and start anew (SGLang: retractions)',
    'lower',
  ),
  figure(
    'llm_server_prefix_hits',
    'counter',
    'none',
    'Prefix-cache hits',
    'tokens (trtllm-serve: blocks) found in the prefix cache; / prefix queries = hit rate',
    'higher',
  ),
  figure(
    'llm_server_prefix_queries',
    'counter',
    'none',
    'Prefix-cache queries',
    'tokens (trtllm-serve: blocks) looked up in the prefix cache',
  ),
  figure(
    'llm_gpu_utilisation',
    'gauge',
    'share',
    'GPU utilisation',
    'share of time with a kernel running, mean over GPUs; not a share of peak speed',
  ),
  figure(
    'llm_gpu_memory_used',
    'gauge',
    'bytes',
    'GPU memory used',
    'frame buffer in use, summed over GPUs',
  ),
  figure('llm_gpu_power', 'gauge', 'W', 'GPU power', 'power drawn, summed over GPUs', 'lower'),
  figure(
    'llm_gpu_energy',
    'counter',
    'J',
    'GPU energy',
    'energy drawn since the first poll, summed over GPUs; / output tokens = joules per token',
    'lower',
  ),
] as const satisfies readonly MetricDef[]

/** The figures themselves, without what is known about the readings. */
export const SERVER_FIGURES = SERVERS.map(({ name }) => name).filter(
  (name) => !/^llm_server_(polls|readings|impossible)$/.test(name),
)
