import type { Engine, EngineName, Source, Term } from './types.ts'

const sum = (metric: string, labels?: Term['labels'], scale?: number): Source =>
  source('sum', metric, labels, scale)
const max = (metric: string, labels?: Term['labels'], scale?: number): Source =>
  source('max', metric, labels, scale)
const mean = (metric: string, scale?: number): Source => source('mean', metric, undefined, scale)

function source(over: Source['over'], metric: string, labels?: Term['labels'], scale?: number) {
  const term = labels === undefined ? { metric } : { metric, labels }
  return scale === undefined ? { terms: [term], over } : { terms: [term], over, scale }
}

const triton = (request_type: string) => sum('nv_trt_llm_request_metrics', { request_type })

/**
 * Maps the engines' names to neutral figures. KV-cache use is that of the fullest replica: one full
 * replica queues requests while the mean still looks good.
 */
export const ENGINES: readonly Engine[] = [
  {
    // vllm/v1/metrics/loggers.py; gpu_cache_usage_perc is the name before 0.9.2.
    name: 'vllm',
    title: 'vLLM',
    prefix: 'vllm:',
    figures: {
      running: [sum('vllm:num_requests_running')],
      waiting: [sum('vllm:num_requests_waiting')],
      kvCacheUsage: [max('vllm:kv_cache_usage_perc'), max('vllm:gpu_cache_usage_perc')],
      preemptions: [sum('vllm:num_preemptions_total')],
      prefixHits: [sum('vllm:prefix_cache_hits_total')],
      prefixQueries: [sum('vllm:prefix_cache_queries_total')],
    },
  },
  {
    // sglang/srt/metrics/collector.py; cached tokens are part of the prompt tokens. A retracted
    // request gives its KV cache back and starts anew: vLLM's preemption.
    name: 'sglang',
    title: 'SGLang',
    prefix: 'sglang:',
    figures: {
      running: [sum('sglang:num_running_reqs')],
      waiting: [sum('sglang:num_queue_reqs')],
      kvCacheUsage: [max('sglang:token_usage')],
      preemptions: [sum('sglang:num_retracted_requests_total')],
      prefixHits: [sum('sglang:cached_tokens_total')],
      prefixQueries: [sum('sglang:prompt_tokens_total')],
    },
  },
  {
    // TGI's router, docs/source/reference/metrics.md; it does not report how full its KV cache is.
    name: 'tgi',
    title: 'TGI',
    prefix: 'tgi_',
    figures: {
      running: [sum('tgi_batch_current_size')],
      waiting: [sum('tgi_queue_size')],
    },
  },
  {
    // tensorrtllm_backend's custom_metrics_reporter.cc; without that backend, Triton's own pending requests.
    name: 'triton',
    title: 'Triton',
    prefix: 'nv_',
    figures: {
      running: [triton('scheduled')],
      waiting: [triton('waiting'), sum('nv_inference_pending_request_count')],
      kvCacheUsage: [max('nv_trt_llm_kv_cache_block_metrics', { kv_cache_block_type: 'fraction' })],
      gpuUtilisation: [mean('nv_gpu_utilization')],
      gpuMemoryUsed: [sum('nv_gpu_memory_used_bytes')],
      gpuPower: [sum('nv_gpu_power_usage')],
      gpuEnergy: [sum('nv_energy_consumption')],
    },
  },
  {
    // trtllm-serve's collector.py, path /prometheus/metrics (its /metrics is JSON).
    name: 'trtllm',
    title: 'trtllm-serve',
    prefix: 'trtllm_',
    figures: {
      running: [sum('trtllm_num_requests_running')],
      waiting: [sum('trtllm_num_requests_waiting')],
      kvCacheUsage: [max('trtllm_kv_cache_utilization')],
      prefixHits: [sum('trtllm_kv_cache_reused_blocks_total')],
      prefixQueries: [
        {
          terms: [
            { metric: 'trtllm_kv_cache_reused_blocks_total' },
            { metric: 'trtllm_kv_cache_missed_blocks_total' },
          ],
          over: 'sum',
        },
      ],
    },
  },
  {
    // llama-server --metrics; builds before 2025 also exposed kv_cache_usage_ratio.
    name: 'llamacpp',
    title: 'llama.cpp',
    prefix: 'llamacpp:',
    figures: {
      running: [sum('llamacpp:requests_processing')],
      waiting: [sum('llamacpp:requests_deferred')],
      kvCacheUsage: [max('llamacpp:kv_cache_usage_ratio')],
    },
  },
  {
    // Dynamo's frontend counts everything in flight, including queued requests.
    name: 'dynamo',
    title: 'Dynamo',
    prefix: 'dynamo_frontend_',
    figures: {
      running: [sum('dynamo_frontend_inflight_requests')],
      waiting: [sum('dynamo_frontend_queued_requests')],
    },
  },
  {
    // dcgm-exporter's default-counters.csv: percent, MiB, W, mJ.
    name: 'dcgm',
    title: 'DCGM',
    prefix: 'DCGM_FI_',
    figures: {
      gpuUtilisation: [mean('DCGM_FI_DEV_GPU_UTIL', 0.01)],
      gpuMemoryUsed: [sum('DCGM_FI_DEV_FB_USED', undefined, 1024 * 1024)],
      gpuPower: [sum('DCGM_FI_DEV_POWER_USAGE')],
      gpuEnergy: [sum('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION', undefined, 0.001)],
    },
  },
]

/** The engine's name as people write it. */
export function engineTitle(name: EngineName): string {
  return ENGINES.find((engine) => engine.name === name)!.title
}
