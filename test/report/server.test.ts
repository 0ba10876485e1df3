import { describe, expect, it } from 'vitest'
import { serverReport, serverRows } from '../../lib/report/figures/server.ts'
import { readSummary } from '../../lib/report/summary.ts'
import type { RunInfo } from '../../lib/results/index.ts'

const run = {
  plan: {
    phases: [
      { name: 'warmup', measured: false },
      { name: 'baseline', measured: true },
      { name: 'spike', measured: true },
    ],
  },
} as unknown as RunInfo

/** k6's legacy summary of what a poller adds: gauges by phase, with how often they were read. */
function summary(
  gauges: Record<string, Record<string, number>>,
  counters: Record<string, number> = {},
) {
  const metrics: Record<string, unknown> = {}
  for (const phase of ['warmup', 'baseline', 'spike']) {
    // As k6 does, a gauge and a counter without samples are there as 0.
    for (const metric of [
      'llm_server_running',
      'llm_server_waiting',
      'llm_server_kv_cache_usage',
    ]) {
      const max = gauges[phase]?.[metric]
      metrics[`${metric}{phase:${phase}}`] = {
        type: 'gauge',
        contains: 'default',
        values: { value: 0, min: 0, max: max ?? 0 },
      }
      metrics[`llm_server_polls{figure:${metric},phase:${phase}}`] = counter(
        max === undefined ? 0 : 4,
      )
    }
  }
  for (const [key, count] of Object.entries(counters)) metrics[key] = counter(count)
  return readSummary({ metrics, root_group: {}, state: {} })
}

const counter = (count: number) => ({
  type: 'counter',
  contains: 'default',
  values: { count, rate: 1 },
})

describe('what the server said of itself', () => {
  it('is nothing where no figure was ever read', () => {
    expect(serverReport(summary({}), run)).toBeNull()
    expect(serverRows(null)).toEqual([])
  })

  it('names the phase in which the KV cache was full, and how many waited then', () => {
    const report = serverReport(
      summary(
        {
          baseline: {
            llm_server_running: 8,
            llm_server_waiting: 0,
            llm_server_kv_cache_usage: 0.4,
          },
          spike: { llm_server_running: 30, llm_server_waiting: 41, llm_server_kv_cache_usage: 1 },
        },
        {
          'llm_server_preemptions{phase:spike}': 3,
          'llm_server_polls{figure:llm_server_preemptions,measured:true}': 9,
          'llm_server_prefix_hits{phase:spike}': 30,
          'llm_server_prefix_queries{phase:spike}': 120,
        },
      ),
      run,
    )
    expect(report?.phases.map(({ phase }) => phase)).toEqual(['baseline', 'spike'])
    expect(report?.phases[1]).toMatchObject({
      waitingMax: 41,
      preemptions: 3,
      prefixHitRate: 0.25,
      gpuPowerMax: null,
    })
    expect(serverRows(report)).toEqual([
      [
        'server',
        'KV cache full (100 %) in phase spike, 41 requests waiting; at most 30 running; 3 preemptions in phase spike',
      ],
    ])
  })

  it('takes of several full phases the one in which most waited', () => {
    const full = (llm_server_waiting: number, llm_server_kv_cache_usage: number) => {
      return { llm_server_waiting, llm_server_kv_cache_usage }
    }
    const report = serverReport(summary({ baseline: full(3, 1), spike: full(9, 0.97) }), run)
    expect(report?.findings).toEqual(['KV cache full (97 %) in phase spike, 9 requests waiting'])
  })

  it('says what was reached where nothing was full, and nothing of what no engine told', () => {
    const report = serverReport(
      summary({ baseline: { llm_server_waiting: 2 }, spike: { llm_server_waiting: 5 } }),
      run,
    )
    expect(report?.phases[0]).toMatchObject({
      kvCacheUsageMax: null,
      runningMax: null,
      preemptions: null,
      prefixHitRate: null,
    })
    expect(report?.findings).toEqual(['at most 5 requests waiting on the server (phase spike)'])
  })
})
