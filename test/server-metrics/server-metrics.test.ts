import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { metricDef } from '../../lib/metrics/index.ts'
import {
  createFigureSamples,
  createMetricsReader,
  ENGINES,
  FIGURES,
  MOST_SERIES,
} from '../../lib/server-metrics/index.ts'
import { createServerMetrics } from '../../simulator/index.ts'

function readServerMetrics(text: string) {
  const reader = createMetricsReader()
  reader.feed(text)
  return reader.end()
}

const exposition = (engine: string) =>
  readFileSync(new URL(`../support/exposition/${engine}.prom`, import.meta.url), 'utf8')

describe('figures', () => {
  it('are in the catalogue under the same kind and unit', () => {
    for (const { metric, kind, unit } of FIGURES)
      expect(metricDef(metric)).toMatchObject({ kind, unit })
  })

  it('are mapped to metrics that bear the prefix of their engine', () => {
    for (const { prefix, figures } of ENGINES) {
      const metrics = Object.values(figures).flatMap((sources) =>
        sources.flatMap(({ terms }) => terms.map(({ metric }) => metric)),
      )
      expect(metrics.filter((metric) => !metric.startsWith(prefix))).toEqual([])
    }
  })
})

describe('reading an exposition', () => {
  it.each([
    [
      'sglang',
      {
        running: 37,
        waiting: 5,
        kvCacheUsage: 0.83,
        preemptions: 7,
        prefixHits: 130_000,
        prefixQueries: 512_000,
      },
    ],
    ['tgi', { running: 24, waiting: 2 }],
    [
      'triton',
      {
        running: 30,
        waiting: 3,
        kvCacheUsage: 0.79,
        gpuUtilisation: 0.91,
        gpuMemoryUsed: 71e9,
        gpuPower: 520,
        gpuEnergy: 1.5e6,
      },
    ],
    [
      'trtllm',
      { running: 21, waiting: 1, kvCacheUsage: 0.44, prefixHits: 400, prefixQueries: 2000 },
    ],
    ['llamacpp', { running: 4, waiting: 6, kvCacheUsage: 0.97 }],
    ['dynamo', { running: 19, waiting: 4 }],
    [
      'dcgm',
      {
        gpuUtilisation: 0.95,
        gpuMemoryUsed: 141_500 * 1024 * 1024,
        gpuPower: 1190.6,
        gpuEnergy: 18e6,
      },
    ],
  ])('of %s gives its figures in neutral units', (engine, values) => {
    const reading = readServerMetrics(exposition(engine))
    expect(reading.engines).toEqual([engine])
    expect(Object.keys(reading.values).sort()).toEqual(Object.keys(values).sort())
    for (const [figure, value] of Object.entries(values)) {
      expect(reading.values[figure as keyof typeof reading.values], figure).toBeCloseTo(value, 6)
    }
  })

  it('reads what the simulator exposes as vLLM', () => {
    const text = createServerMetrics('a "b" \\c').expose({
      running: 41,
      waiting: 7,
      kvUsage: 0.5,
      preemptions: 3,
      prefixQueries: 100,
      prefixHits: 25,
    } as never)
    expect(readServerMetrics(text)).toMatchObject({
      engines: ['vllm'],
      impossible: [],
      values: {
        running: 41,
        waiting: 7,
        kvCacheUsage: 0.5,
        preemptions: 3,
        prefixQueries: 100,
        prefixHits: 25,
      },
    })
  })

  it('adds up replicas, and takes the fullest KV cache of them', () => {
    const text = [0, 1]
      .map((n) => `vllm:num_requests_running{engine="${n}"} ${n + 1}\r\n`)
      .concat('vllm:kv_cache_usage_perc{engine="0"} 0.2\n', 'vllm:kv_cache_usage_perc 0.9\n')
      .join('')
    expect(readServerMetrics(text).values).toEqual({ running: 3, kvCacheUsage: 0.9 })
  })

  it('takes the older name where the current one is missing', () => {
    expect(readServerMetrics('vllm:gpu_cache_usage_perc 0.4').values).toEqual({ kvCacheUsage: 0.4 })
    const both = 'vllm:gpu_cache_usage_perc 0.4\nvllm:kv_cache_usage_perc 0.5'
    expect(readServerMetrics(both).values).toEqual({ kvCacheUsage: 0.5 })
  })

  it('gives no figure for what is not there, or broken', () => {
    const none = { engines: [], values: {}, impossible: [] }
    expect(readServerMetrics('')).toMatchObject(none)
    expect(readServerMetrics('<html>not found</html>')).toMatchObject(none)
    expect(readServerMetrics('{"queue": 3}')).toMatchObject(none)
    const broken = [
      'vllm:num_requests_running{engine="0" 3',
      'vllm:kv_cache_usage_perc{a="x\\"y"} 0.25 1700000000000',
    ].join('\n')
    expect(readServerMetrics(broken).values).toEqual({ kvCacheUsage: 0.25 })
  })

  it.each([
    ['a share above 1', 'vllm:kv_cache_usage_perc 250', 'kvCacheUsage'],
    ['fewer than none', 'vllm:num_requests_running -3', 'running'],
    ['NaN', 'vllm:num_requests_waiting NaN', 'waiting'],
    ['infinity', 'vllm:num_preemptions_total +Inf', 'preemptions'],
    [
      'a replica below 0, whatever the others say',
      'vllm:num_requests_waiting{engine="0"} -7\nvllm:num_requests_waiting{engine="1"} 10',
      'waiting',
    ],
    ["DCGM's blank value", 'DCGM_FI_DEV_POWER_USAGE{gpu="0"} 9223372036854775794', 'gpuPower'],
  ])('leaves out %s and names the figure', (_, text, figure) => {
    const { values, impossible } = readServerMetrics(text)
    expect(values).toEqual({})
    expect(impossible).toEqual([figure])
  })

  it('reads the same however the page is split, and skips endless lines', () => {
    const long = `vllm:num_requests_waiting{x="${'y'.repeat(100_000)}"} 5\n`
    const text = `# HELP\n${long}vllm:num_requests_running 4\nvllm:kv_cache_usage_perc 0.5`
    const whole = readServerMetrics(text)
    expect(whole.values).toEqual({ running: 4, kvCacheUsage: 0.5 })
    for (const size of [7, 4096, 70_000]) {
      const reader = createMetricsReader()
      for (let at = 0; at < text.length; at += size) {
        reader.feed(`--${text}--`, 2 + at, 2 + Math.min(text.length, at + size))
      }
      expect(reader.end()).toEqual(whole)
    }
  })

  it('takes any number of other series, and no sum of only a part', () => {
    const others = 'vllm:e2e_request_latency_seconds_bucket{le="1"} 5\n'.repeat(3 * MOST_SERIES)
    expect(readServerMetrics(`${others}vllm:num_requests_running 4`).values).toEqual({ running: 4 })
    const own = 'vllm:num_requests_running{engine="0"} 1\n'
    expect(readServerMetrics(own.repeat(6000)).values).toEqual({ running: 6000 })
    const { values, tooMany } = readServerMetrics(own.repeat(MOST_SERIES + 5))
    expect({ values, tooMany }).toEqual({ values: {}, tooMany: true })
  })
})

describe('samples of readings', () => {
  const reading = (preemptions: number, running: number) => ({
    engines: ['vllm' as const],
    values: { preemptions, running },
    impossible: [],
    tooMany: false,
  })

  it('states gauges and adds what counters grew by, from the first reading on', () => {
    const { feed } = createFigureSamples()
    const of = (a: number, b: number) => {
      const { samples, impossible } = feed(reading(a, b))
      return [
        Object.fromEntries(samples.map(({ metric, value }) => [metric, value])),
        impossible,
      ] as const
    }
    expect(of(10, 3)).toEqual([{ llm_server_running: 3, llm_server_preemptions: 0 }, []])
    expect(of(14, 5)).toEqual([{ llm_server_running: 5, llm_server_preemptions: 4 }, []])
    // The server restarted, or another replica answered.
    expect(of(2, 0)).toEqual([{ llm_server_running: 0 }, ['llm_server_preemptions']])
    expect(of(3, 0)).toEqual([{ llm_server_running: 0, llm_server_preemptions: 1 }, []])
  })

  it('has none for figures without a value, and names those that cannot be', () => {
    const { feed } = createFigureSamples()
    const none = { engines: [], values: {}, tooMany: false }
    expect(feed({ ...none, impossible: [] })).toEqual({ samples: [], impossible: [] })
    const impossible = ['llm_server_running']
    expect(feed({ ...none, impossible: ['running'] })).toEqual({ samples: [], impossible })
  })
})
