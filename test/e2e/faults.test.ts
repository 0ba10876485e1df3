import { describe, it } from 'vitest'
import type { TrendStats } from '../../lib/results/index.ts'
import { FAILING, HARMLESS } from './fault-table.ts'
import { loadRecords, runScenario } from './harness.ts'

const OK = 0
const THRESHOLDS_FAILED = 99

describe.concurrent('a fault that spoils the answer', () => {
  it.for(FAILING)('%s ends as %s (%s)', async ([fault, outcome, reason], { expect }) => {
    const run = await runScenario({ scenario: 'chat-steady', fault })
    expect(run.code, run.stderr).toBe(THRESHOLDS_FAILED)
    const count = loadRecords(run).length
    expect(count).toBeGreaterThan(0)
    expect(run.report?.outcomes).toMatchObject([{ outcome, count, reasons: [{ reason, count }] }])
    expect(run.report?.verdict.status).toBe('failed')
    expect(run.report?.inFlightAtEnd).toBe(0)
    // Failed requests have no latencies, good or bad.
    for (const metric of ['llm_ttft', 'llm_ttfb', 'llm_tpot', 'llm_itl', 'llm_e2e']) {
      expect(run.report?.total.metrics[metric], metric).toMatchObject({ count: 0, p50: null })
    }
    expect(run.report?.measured).toMatchObject({ completed: 0, failed: count })
    expect(run.stdout).toMatch(new RegExp(`${outcome} .*${reason}`))
  })
})

describe.concurrent('a fault that leaves the answer whole', () => {
  it.for(HARMLESS)('%s is measured', async ([fault, check], { expect }) => {
    const run = await runScenario({ scenario: 'chat-steady', fault })
    expect(run.code, run.stdout + run.stderr).toBe(OK)
    const seen = loadRecords(run)
    expect(run.report?.outcomes).toMatchObject([{ outcome: 'completed', count: seen.length }])
    const { metrics } = run.report!.total
    const billed = fault === 'hidden-reasoning' ? 30 : 10
    expect(metrics['llm_output_tokens_per_request']).toMatchObject({ min: billed, max: billed })
    const figures = {
      ttft: metrics['llm_ttft'] as TrendStats,
      ttfb: metrics['llm_ttfb'] as TrendStats,
      stall: metrics['llm_stall'] as TrendStats,
      tpot: metrics['llm_tpot'] as TrendStats,
    }
    expect(figures.ttft.count).toBe(seen.length)
    const server = seen.map(({ firstTokenMs = NaN, arrivalMs }) => firstTokenMs - arrivalMs)
    expect(figures.ttft.min).toBeGreaterThanOrEqual(Math.min(...server) - 1)
    check(expect, figures, run)
  })
})

it.concurrent('keeps failed requests out of the figures of the good ones', async ({ expect }) => {
  // Half of the requests fail after a second of silence; the good ones do not know of it.
  const run = await runScenario({
    scenario: 'chat-steady',
    env: { DURATION: '4s', TIMEOUT_IDLE: '1s' },
    server: { faults: [{ fault: 'stall=0', probability: 0.5, from: 1 }] },
  })
  expect(run.code).toBe(THRESHOLDS_FAILED)
  const seen = loadRecords(run)
  const good = seen.filter(({ fault }) => fault === '')
  expect(good.length).toBeGreaterThan(0)
  expect(good.length).toBeLessThan(seen.length)
  const { outcomes, total } = run.report!
  expect(outcomes).toMatchObject([
    { outcome: 'completed', count: good.length },
    { outcome: 'timeout', count: seen.length - good.length },
  ])
  expect(total.metrics['llm_ttft']).toMatchObject({ count: good.length })
  expect(total.errorRate).toBeCloseTo((seen.length - good.length) / seen.length, 6)
  expect(total.metrics['llm_e2e']).toMatchObject({ count: good.length })
  expect((total.metrics['llm_e2e'] as TrendStats).max).toBeLessThan(1000)
})

it.concurrent('a closed loop does not hammer a server that refuses at once', async ({ expect }) => {
  const run = await runScenario({
    scenario: 'chat-steady',
    fault: '503',
    env: { RATE: undefined, MAX_VUS: undefined, CONCURRENCY: '2', DURATION: '4s', RECORDS: 'on' },
  })
  expect(run.code).toBe(THRESHOLDS_FAILED)
  // Each VU: 7 attempts in the pauses from 10 to 640 ms, then one a second; anew after one that took its time.
  const { length } = loadRecords(run)
  const atOnce = Number(/([\d,]+) requests? failed within 100 ms/.exec(run.stdout)?.[1])
  expect(length).toBeGreaterThan(6)
  expect(length).toBeLessThanOrEqual(2 * (7 + 4) + 7 * (length - atOnce))
  expect(length - atOnce).toBeLessThan(length / 2)
  expect(run.stdout).toMatch(/failed within 100 ms, and the closed loop waited/)
})
