import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { loadRecords, runScenario, type Scenario } from './harness.ts'

const buffered = (scenario: Omit<Scenario, 'scenario'>) =>
  runScenario({
    scenario: 'chat-steady',
    bundles: path.join(inject('bundles'), 'buffered'),
    ...scenario,
  })

describe.concurrent('bundles without an extension', () => {
  it('ask for k6’s own modules only', ({ expect }) => {
    const text = readFileSync(path.join(inject('bundles'), 'buffered', 'chat-steady.js'), 'utf8')
    const imports = [...text.matchAll(/^import .* from "([^"]+)"/gm)].map(([, name]) => name)
    expect(imports).toContain('k6/http')
    expect(imports.filter((name) => name!.startsWith('k6/x/'))).toEqual([])
  })

  it('measure E2E, throughput and errors, and say that TTFT and ITL cannot be measured', async ({
    expect,
  }) => {
    const run = await buffered({ server: { ttftMs: 100, tpotMs: 10 } })
    expect(run.code, run.stderr).toBe(0)
    const { metrics, completed, outputTokensPerS } = run.report!.total
    expect(completed).toBe(20)
    expect(outputTokensPerS).toBeGreaterThan(0)
    for (const name of [
      'llm_ttft',
      'llm_ttfb',
      'llm_ttfo',
      'llm_tpot',
      'llm_itl',
      'llm_icl',
      'llm_stall',
      'llm_ttft_due',
    ]) {
      expect(metrics[name], name).toMatchObject({ count: 0, p50: null, max: null })
    }
    // By the server's own record; what a busy machine adds comes on top.
    const server = loadRecords(run).map((r) => r.endMs! - r.arrivalMs)
    const e2e = metrics['llm_e2e'] as { count: number; min: number; max: number }
    expect(e2e.count).toBeGreaterThanOrEqual(20)
    expect(e2e.min).toBeGreaterThan(Math.min(...server) - 2)
    expect(e2e.max).toBeLessThan(Math.max(...server) + 2000)
    expect(run.stdout).toContain('TTFT, TPOT and ITL cannot be measured')
  })

  it.for([
    ['429', 'http_error', 'http_429'],
    ['500', 'http_error', 'http_500'],
    ['error-event', 'stream_error', 'error_event'],
    ['truncate', 'truncated', 'no_terminator'],
    ['html', 'stream_error', 'not_streaming'],
    ['no-answer', 'timeout', 'whole_timeout'],
    ['stall=0', 'timeout', 'whole_timeout'],
    ['cut', 'truncated', 'body_cut'],
    ['reset', 'truncated', 'connection_reset'],
    ['long-length', 'truncated', 'body_cut'],
    ['bad-chunk', 'stream_error', 'bad_http'],
    ['garbage', 'stream_error', 'bad_http'],
  ])('%s ends as %s (%s)', async ([fault, outcome, reason], { expect }) => {
    const run = await buffered({ fault: fault!, env: { TIMEOUT_TOTAL: '2s' } })
    expect(run.report?.outcomes, run.stdout).toMatchObject([{ outcome, reasons: [{ reason }] }])
  })

  it.for(['unicode', 'crlf'])('%s is read whole', async (fault, { expect }) => {
    const run = await buffered({ fault })
    // k6 may start one more at the end of the two seconds.
    expect(run.report?.outcomes, run.stdout).toMatchObject([{ outcome: 'completed', share: 1 }])
  })

  it('refuse a limit on what they cannot measure, and send nothing', async ({ expect }) => {
    const run = await buffered({ env: { SLO_TTFT_P95: '500', SLO_ITL_P99: '50' } })
    expect(run.code).toBe(108)
    expect(run.stderr).toContain('SLO_TTFT_P95, SLO_ITL_P99')
    expect(run.records).toEqual([])
  })
})

it('the streaming bundle beside them takes such a limit', async () => {
  const run = await runScenario({ scenario: 'chat-steady', env: { SLO_TTFT_P95: '10s' } })
  expect(run.code, run.stderr).toBe(0)
})
