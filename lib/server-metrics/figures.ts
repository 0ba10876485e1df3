import type { FigureDef } from './types.ts'

/** The neutral figures, one k6 metric each. */
export const FIGURES: readonly FigureDef[] = [
  { figure: 'running', metric: 'llm_server_running', kind: 'gauge', unit: 'requests' },
  { figure: 'waiting', metric: 'llm_server_waiting', kind: 'gauge', unit: 'requests' },
  { figure: 'kvCacheUsage', metric: 'llm_server_kv_cache_usage', kind: 'gauge', unit: 'share' },
  { figure: 'preemptions', metric: 'llm_server_preemptions', kind: 'counter', unit: 'none' },
  { figure: 'prefixHits', metric: 'llm_server_prefix_hits', kind: 'counter', unit: 'none' },
  { figure: 'prefixQueries', metric: 'llm_server_prefix_queries', kind: 'counter', unit: 'none' },
  { figure: 'gpuUtilisation', metric: 'llm_gpu_utilisation', kind: 'gauge', unit: 'share' },
  { figure: 'gpuMemoryUsed', metric: 'llm_gpu_memory_used', kind: 'gauge', unit: 'bytes' },
  { figure: 'gpuPower', metric: 'llm_gpu_power', kind: 'gauge', unit: 'W' },
  { figure: 'gpuEnergy', metric: 'llm_gpu_energy', kind: 'counter', unit: 'J' },
]
