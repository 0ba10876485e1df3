import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { ALERTS } from '../../grafana/src/index.ts'
import { prometheusThere } from '../../scripts/prometheus.ts'

const rules = new URL('../../grafana/prometheus/alerts.yml', import.meta.url).pathname
const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-alerts-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Series in promtool's notation, a value each 5 s: `0+2x60` is 0, 2, … 120. */
type Input = Record<string, string>

const RUN = 'testid="a"'
const OPEN: Input = { [`k6_llm_target_rate{${RUN}}`]: '10x120' }
const LIMITS: Input = {
  [`k6_llm_slo{${RUN},slo="error_rate"}`]: '0.01x120',
  [`k6_llm_slo{${RUN},slo="goodput"}`]: '0.9x120',
}
const requests = (completed: string, failed: string, good: string): Input => ({
  [`k6_llm_requests_total{${RUN},outcome="completed"}`]: completed,
  [`k6_llm_requests_total{${RUN},outcome="http_error",reason="http_503"}`]: failed,
  [`k6_llm_requests_good_total{${RUN}}`]: good,
})

/** Names of the alerts that fire after so long, by promtool's own engine. */
function firing(input: Input, atS: number): string[] {
  const file = path.join(folder, 'test.yml')
  const test = (expected: readonly string[]) => ({
    rule_files: [rules],
    evaluation_interval: '5s',
    tests: [
      {
        interval: '5s',
        input_series: Object.entries(input).map(([series, values]) => ({ series, values })),
        promql_expr_test: ALERTS.map(({ name }) => ({
          expr: `count(ALERTS{alertname="${name}",alertstate="firing"})`,
          eval_time: `${atS}s`,
          exp_samples: expected.includes(name) ? [{ labels: '{}', value: 1 }] : [],
        })),
      },
    ],
  })
  const names = ALERTS.map(({ name }) => name)
  // promtool says what it got where it expected nothing.
  writeFileSync(file, stringify(test([])))
  const { stdout, stderr, status } = spawnSync('promtool', ['test', 'rules', file], {
    encoding: 'utf8',
  })
  const text = `${stdout}${stderr}`
  const found = names.filter((name) => text.includes(`${name}\\",alertstate`))
  expect(status === 0, text).toBe(found.length === 0)
  if (found.length > 0) {
    writeFileSync(file, stringify(test(found)))
    const again = spawnSync('promtool', ['test', 'rules', file], { encoding: 'utf8' })
    expect(again.status, `${again.stdout}${again.stderr}`).toBe(0)
  }
  return found
}

describe.skipIf(!prometheusThere())('alert rules (skipped without promtool)', () => {
  it('stay silent on a run that goes well', () => {
    const well = requests('0+50x120', '0x120', '0+50x120')
    const vus: Input = {
      [`k6_llm_requests_in_flight_total{${RUN}}`]: '8x120',
      [`k6_vus{${RUN}}`]: '40x120',
      [`k6_vus_max{${RUN}}`]: '40x120',
      'vllm:kv_cache_usage_perc{job="vllm",instance="s:8000"}': '0.6x120',
    }
    expect(firing({ ...OPEN, ...LIMITS, ...well, ...vus }, 400)).toEqual([])
  })

  it('say that requests fail, also when the first that fails is the first of its series', () => {
    const input = { ...LIMITS, ...requests('0+50x120', '_x20 3+3x100', '0+50x120') }
    expect(firing(input, 90)).toEqual([])
    expect(firing(input, 300)).toEqual(['LLMErrorRate'])
  })

  it('say that the goodput target burns', () => {
    const input = { ...LIMITS, ...requests('0+50x120', '0x120', '0+30x120') }
    expect(firing(input, 400)).toEqual(['LLMSLOBurn'])
    const target = { ...LIMITS, ...requests('0+50x120', '0x120', '0+45x120') }
    expect(firing(target, 400)).toEqual([])
  })

  it('say that the client has no VU left in an open loop, and nothing of a closed one', () => {
    const vus: Input = {
      ...requests('0+50x120', '0x120', '0+50x120'),
      [`k6_llm_requests_in_flight_total{${RUN}}`]: '39x120',
      [`k6_vus_max{${RUN}}`]: '40x120',
    }
    expect(firing({ ...OPEN, ...vus }, 120)).toEqual(['LLMClientOutOfVUs'])
    expect(firing(vus, 120)).toEqual([])
  })

  it('say that k6 drops requests', () => {
    const dropped = { [`k6_dropped_iterations_total{${RUN},phase="spike"}`]: '_x20 4x100' }
    expect(firing({ ...dropped, [`k6_vus{${RUN}}`]: '40x120' }, 110)).toEqual([
      'LLMIterationsDropped',
    ])
    expect(firing({ ...dropped, [`k6_vus{${RUN}}`]: '40x120' }, 400)).toEqual([])
  })

  it.each([
    ['KVCacheFull_vllm', 'vllm:kv_cache_usage_perc{engine="0"}'],
    ['KVCacheFull_vllm', 'vllm:gpu_cache_usage_perc{engine="0"}'],
    ['KVCacheFull_sglang', 'sglang:token_usage'],
    ['KVCacheFull_triton', 'nv_trt_llm_kv_cache_block_metrics{kv_cache_block_type="fraction"}'],
    ['KVCacheFull_trtllm', 'trtllm_kv_cache_utilization'],
    ['KVCacheFull_llamacpp', 'llamacpp:kv_cache_usage_ratio'],
    ['LLMServerKVCacheFull', 'k6_llm_server_kv_cache_usage{testid="a",phase="spike"}'],
  ])('%s fires on %s at 99 percent and not at 90', (name, series) => {
    expect(firing({ [series]: '0.99x120' }, 200)).toEqual([name])
    expect(firing({ [series]: '0.9x120' }, 200)).toEqual([])
  })
})
