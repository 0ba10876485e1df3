import { describe, expect, it } from 'vitest'
import { isJudged, loadRecords, runScenario } from './harness.ts'

const OPEN = { RATE: '10', PEAK_RATE: '20' }
const CLOSED = { RATE: undefined, CONCURRENCY: '2', PEAK_CONCURRENCY: '4' }

describe.concurrent('a server without faults', () => {
  it.for([
    ['chat-steady', 'open', OPEN, ['steady'], 20],
    ['chat-steady', 'closed', CLOSED, ['steady'], 10],
    ['chat-ramp', 'open', OPEN, ['ramp', 'hold'], 70],
    ['chat-ramp', 'closed', CLOSED, ['ramp', 'hold'], 20],
    ['chat-spike', 'open', OPEN, ['baseline', 'spike', 'recovery'], 80],
    ['chat-spike', 'closed', CLOSED, ['baseline', 'spike', 'recovery'], 30],
  ] as const)('%s, %s loop', async ([scenario, loop, env, phases, requests], { expect: e }) => {
    const run = await runScenario({ scenario, env })
    e(run.code, run.stderr).toBe(0)
    const { report } = run
    if (isJudged(run)) e(report?.verdict.status).toBe('no_limits')
    e(report?.load.loop).toBe(loop)
    e(report?.phases.map(({ name }) => name)).toEqual(phases)
    for (const phase of phases) e(run.stdout).toContain(phase)

    const seen = loadRecords(run)
    // An open loop sends what was asked, give or take the two ends of the phases.
    if (loop === 'open') e(Math.abs(seen.length - requests)).toBeLessThanOrEqual(2 * phases.length)
    else e(seen.length).toBeGreaterThanOrEqual(requests)
    e(report?.total.started).toBe(seen.length)
    e(report?.total.completed).toBe(seen.length)
    e(report?.outcomes).toMatchObject([{ outcome: 'completed', count: seen.length }])
    e(report?.inFlightAtEnd).toBe(0)
    e(report?.droppedIterations ?? 0).toBe(0)

    const { metrics } = report!.total
    // No clock can see a token before it was sent; arrival at the server is after sending, too.
    const server = seen.map(({ firstTokenMs = NaN, arrivalMs }) => firstTokenMs - arrivalMs)
    e(metrics['llm_ttft']).toMatchObject({ count: seen.length })
    e(minOf(metrics['llm_ttft'])).toBeGreaterThanOrEqual(Math.min(...server) - 1)
    e(minOf(metrics['llm_e2e'])).toBeGreaterThan(minOf(metrics['llm_ttft']))
    e(metrics['llm_output_tokens_per_request']).toMatchObject({ min: 10, max: 10 })
  })
})

it('leaves the warm-up out of the figures and in the count', async () => {
  const run = await runScenario({ scenario: 'chat-steady', env: { WARMUP: '2s', DURATION: '2s' } })
  expect(run.code, run.stderr).toBe(0)
  const { total, measured, phases } = run.report!
  expect(phases.map(({ name, measured: counts }) => [name, counts])).toEqual([
    ['warmup', false],
    ['steady', true],
  ])
  expect(total.completed).toBe(loadRecords(run).length)
  expect(measured.completed).toBe(total.completed! - phases[0]!.completed!)
  expect(measured.metrics['llm_ttft']).toMatchObject({ count: measured.completed })
})

function minOf(stats: unknown): number {
  return (stats as { min: number }).min
}
