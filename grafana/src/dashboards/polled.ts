import { formula } from '../layout.ts'
import type { Row } from '../layout.ts'
import { lines } from '../panels.ts'
import { latest, perSecond, RUN } from '../queries.ts'

/** What k6 itself polls from the server: there without any scraping. */
export function polledRow(): Row {
  return {
    title: 'Server, as k6 polls it (METRICS_URL, GPU_METRICS_URL)',
    folded: true,
    panels: [
      lines({
        title: 'Requests on the server',
        description: formula('llm_server_running', 'llm_server_waiting'),
        unit: 'short',
        targets: [
          { expr: latest('llm_server_running'), legend: 'running' },
          { expr: latest('llm_server_waiting'), legend: 'waiting' },
        ],
      }),
      lines({
        title: 'KV cache and prefix hits',
        description: `${formula('llm_server_kv_cache_usage', 'llm_server_prefix_hits', 'llm_server_prefix_queries')}`,
        unit: 'percentunit',
        max: 1,
        targets: [
          { expr: latest('llm_server_kv_cache_usage'), legend: 'KV cache in use' },
          {
            expr: `${perSecond('llm_server_prefix_hits', { where: RUN })} / on () (${perSecond('llm_server_prefix_queries', { where: RUN })} > 0)`,
            legend: 'prefix-cache hit rate',
          },
        ],
      }),
      lines({
        title: 'Preemptions per second',
        description: formula('llm_server_preemptions'),
        unit: 'short',
        targets: [
          { expr: perSecond('llm_server_preemptions', { where: RUN }), legend: 'preemptions' },
        ],
      }),
      lines({
        title: 'GPU',
        description: formula('llm_gpu_utilisation'),
        unit: 'percentunit',
        max: 1,
        targets: [{ expr: latest('llm_gpu_utilisation'), legend: 'utilisation' }],
      }),
      lines({
        title: 'GPU power',
        description: formula('llm_gpu_power'),
        unit: 'watt',
        targets: [{ expr: latest('llm_gpu_power'), legend: 'power' }],
      }),
      lines({
        title: 'GPU memory',
        description: formula('llm_gpu_memory_used'),
        unit: 'bytes',
        targets: [{ expr: latest('llm_gpu_memory_used'), legend: 'in use' }],
      }),
    ],
  }
}
