import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startSimulator } from '../../simulator/index.ts'
import type { RequestRecord } from '../../lib/records/index.ts'
import { loadRecords, runScenario, type Scenario } from './harness.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-inputs-'))
const trace = path.join(folder, 'trace.csv')
const dataset = path.join(folder, 'prompts.jsonl')

beforeAll(() => {
  const rows = Array.from({ length: 30 }, (_, i) => `${i * 100},${40 + i},${i + 1}`)
  writeFileSync(trace, `timestamp_ms,input_tokens,output_tokens\n${rows.join('\n')}\n`)
  const prompts = ['Why is the sky blue?', 'Name three rivers.', 'What is a prime number?']
  writeFileSync(dataset, prompts.map((prompt) => JSON.stringify({ prompt })).join('\n'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Answer lengths of the trace's rows: each row is known by its own. */
const EACH = Array.from({ length: 30 }, (_, i) => i + 1)

const quick: Record<string, Partial<Scenario> & { phases: string[]; apps: string[] }> = {
  rag: { phases: ['steady'], apps: ['rag'] },
  summarize: { phases: ['steady'], apps: ['summarize'] },
  code: { phases: ['steady'], apps: ['code'] },
  reasoning: { phases: ['steady'], apps: ['reasoning'] },
  tools: { phases: ['steady'], apps: ['tools'] },
  structured: { phases: ['steady'], apps: ['structured'] },
  mix: {
    env: { MIX: 'chat:1,code:1', RATE: '10' },
    phases: ['steady'],
    apps: ['chat', 'code'],
  },
  agent: {
    env: { RATE: '3', TURNS: '3', THINK_TIME: '100' },
    phases: ['steady'],
    apps: ['agent'],
  },
  'offline-batch': {
    env: { RATE: undefined, CONCURRENCY: '3' },
    phases: ['batch'],
    apps: ['offline'],
  },
  'chat-soak': { phases: ['soak'], apps: ['chat'] },
  'chat-daily': {
    env: { RATE: '2', PEAK_RATE: '10', CYCLE_DURATION: '10s' },
    phases: ['off-peak', 'rise', 'peak', 'fall'],
    apps: ['chat'],
  },
  'concurrency-sweep': {
    env: { RATE: undefined, STEPS: '1,3', STEP_DURATION: '2s', STEP_SETTLE: '1s' },
    phases: ['settle', 'c1', 'c3'],
    apps: ['chat'],
  },
  'rate-sweep': {
    env: { RATE: undefined, STEPS: '5,10', STEP_DURATION: '2s', STEP_SETTLE: '1s' },
    phases: ['settle', 'r5', 'r10'],
    apps: ['chat'],
  },
}

describe.concurrent('every other scenario, briefly', () => {
  it.for(Object.keys(quick))('%s', async (scenario, { expect: e }) => {
    const { phases, apps, ...given } = quick[scenario]!
    const file = path.join(folder, `${scenario}.jsonl`)
    const run = await runScenario({
      scenario,
      ...given,
      env: { ...given.env, RECORDS: 'on' },
      args: ['--log-format', 'raw', '--console-output', file],
    })
    e(run.code, run.stderr + run.stdout).toBe(0)
    const { report } = run
    e(report?.phases.map(({ name }) => name)).toEqual(phases)
    const seen = loadRecords(run)
    e(seen.length).toBeGreaterThan(0)
    e(report?.total).toMatchObject({ started: seen.length, completed: seen.length })
    e(report?.inFlightAtEnd).toBe(0)
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    const requests = lines
      .map((line) => JSON.parse(line) as Partial<RequestRecord>)
      .filter(({ record }) => record === 'request')
    e(requests.length).toBe(seen.length)
    e([...new Set(requests.map(({ app }) => app))].sort()).toEqual([...apps].sort())
    // A closed loop's last request may begin a moment after the load's end on the client's clock.
    const met = new Set(requests.map(({ phase }) => phase).filter((phase) => phase !== 'drain'))
    e(met).toEqual(new Set(phases))
    if (apps.length > 1) e(report?.groups.map(({ name }) => name).sort()).toEqual([...apps].sort())
  })
})

it('conversation: one connection and a growing history through the turns', async () => {
  const run = await runScenario({
    scenario: 'conversation',
    env: { RATE: '3', TURNS: '3', THINK_TIME: '100', DURATION: '4s', INPUT_TOKENS: '200' },
    server: { preset: 'engine' },
  })
  expect(run.code, run.stderr).toBe(0)
  const { total } = run.report!
  expect(total.completed).toBe(loadRecords(run).length)
  // Only a conversation's first turn opens a connection, and those after it find its text cached.
  const opened = stats(total, 'llm_connecting').count
  expect(opened).toBeGreaterThan(5)
  expect(total.completed).toBeGreaterThan(1.5 * opened)
  const [first, second] = run.report!.groups
  expect([first?.name, second?.name]).toEqual(['1', '2'])
  expect(second?.inputTokensMean).toBeGreaterThan(first?.inputTokensMean ?? NaN)
  expect(second?.cachedShare).toBeGreaterThan((first?.cachedShare ?? NaN) + 0.3)
  expect(run.report?.total.cachedShare).toBeGreaterThan(0.3)
})

it('embeddings: whole answers, no tokens out', async () => {
  const run = await runScenario({ scenario: 'embeddings' })
  expect(run.code, run.stderr).toBe(0)
  const { total } = run.report!
  expect(total.completed).toBe(loadRecords(run).length)
  expect(total.metrics['llm_ttft']).toMatchObject({ count: 0 })
  expect(total.metrics['llm_e2e']).toMatchObject({ count: total.completed })
})

it('cold-start: nothing is asked of the model before, first requests are apart', async () => {
  const run = await runScenario({
    scenario: 'cold-start',
    env: { RATE: '5', COLD_REQUESTS: '1' },
    server: { coldStartMs: 700 },
  })
  expect(run.code, run.stderr).toBe(0)
  const [cold, warm] = run.report!.phases
  expect([cold?.name, warm?.name]).toEqual(['cold', 'warm'])
  // No preflight: all that the server saw is the load.
  expect(run.report?.total.started).toBe(run.records.length)
  expect(stats(cold, 'llm_ttft').max).toBeGreaterThan(690)
  expect(stats(warm, 'llm_ttft').min).toBeLessThan(600)
})

it('failover: errors, share and outage of an endpoint that dies and comes back', async () => {
  const steady = await startSimulator({ ttftMs: 30, tpotMs: 5 })
  let dying = await startSimulator({ ttftMs: 30, tpotMs: 5 })
  const { port } = new URL(dying.url)
  const urls = `${steady.url}=3,${dying.url}`
  try {
    const running = runScenario({
      scenario: 'failover',
      env: { BASE_URL: undefined, BASE_URLS: urls, RATE: '20', DURATION: '12s' },
    })
    await vi.waitFor(() => expect(dying.records().length).toBeGreaterThan(5), 60_000)
    await dying.close()
    await new Promise((resolve) => setTimeout(resolve, 3000))
    dying = await startSimulator({ ttftMs: 30, tpotMs: 5, port: Number(port) })
    const run = await running
    expect(run.code, run.stderr).toBe(99)
    const [first, second] = run.report!.endpoints
    expect(first).toMatchObject({ errorRate: 0, outageMs: null })
    expect(first?.share).toBeCloseTo(0.75, 1)
    expect(second?.errorRate).toBeGreaterThan(0)
    expect(second?.outageMs).toBeGreaterThan(0)
    expect(second?.completed).toBeGreaterThan(5)
    expect(run.stdout).toContain(`127.0.0.1:${port}`)
  } finally {
    await Promise.all([steady.close(), dying.close()])
  }
})

describe('schedules', () => {
  it('a trace: every request once, at its time, with its lengths', async () => {
    const run = await runScenario({
      scenario: 'trace-replay',
      env: { RATE: undefined, TRACE: trace, INPUT_TOKENS: undefined, OUTPUT_TOKENS: undefined },
    })
    expect(run.code, run.stderr).toBe(0)
    const seen = loadRecords(run)
    expect(seen.length).toBe(30)
    const answers = [...seen].sort((a, b) => a.arrivalMs - b.arrivalMs)
    expect(answers.map(({ outputTokens }) => outputTokens).sort((a, b) => a - b)).toEqual(EACH)
    expect(run.report?.total.metrics['llm_lateness']).toMatchObject({ count: 30 })
    const spanMs = answers[29]!.arrivalMs - answers[0]!.arrivalMs
    expect(spanMs).toBeGreaterThan(2800)
  })

  it('two execution segments send each request of a schedule once', async () => {
    const env = { RATE: undefined, TRACE: trace, INPUT_TOKENS: undefined, OUTPUT_TOKENS: undefined }
    const part = (segment: string) =>
      runScenario({
        scenario: 'trace-replay',
        env,
        args: ['--execution-segment', segment, '--execution-segment-sequence', '0,1/2,1'],
      })
    const [first, second] = await Promise.all([part('0:1/2'), part('1/2:1')])
    expect([first.code, second.code], first.stderr + second.stderr).toEqual([0, 0])
    const parts = [loadRecords(first), loadRecords(second)]
    for (const own of parts) expect(own.length).toBeGreaterThan(10)
    const lengths = parts.flat().map(({ outputTokens }) => outputTokens)
    expect(lengths.sort((a, b) => a - b)).toEqual(EACH)
  })

  it('requests that find no VU are late, not lost, and the summary says so', async () => {
    const run = await runScenario({
      scenario: 'chat-steady',
      env: { ARRIVALS: 'poisson', RATE: '20', DURATION: '3s', MAX_VUS: '1' },
    })
    expect(run.report?.total.started).toBe(60)
    expect(loadRecords(run).length).toBe(60)
    expect(run.stdout).toMatch(/late/)
    expect(run.stdout).toMatch(/MAX_VUS/)
  })
})

it('a data set: its prompts and no others', async () => {
  const run = await runScenario({
    scenario: 'chat-steady',
    env: { DATASET: dataset, CACHE: 'natural' },
  })
  expect(run.code, run.stderr).toBe(0)
  expect(new Set(loadRecords(run).map(({ promptTokens }) => promptTokens)).size).toBeLessThan(4)
})

it.for([
  ['a trace that is none', { TRACE: dataset }, /TRACE .*line 1: .*of no known trace/],
  ['a trace that is not there', { TRACE: '/nowhere/trace.csv' }, /TRACE .*cannot be read/],
] as const)('%s: one clear sentence, nothing sent', async ([, env, message], { expect: e }) => {
  const run = await runScenario({ scenario: 'trace-replay', env: { RATE: undefined, ...env } })
  e(run.code).not.toBe(0)
  e(run.records).toEqual([])
  e(run.stderr.replaceAll('\\"', '"')).toMatch(message)
})

function stats(scope: { metrics: Record<string, unknown> } | undefined, metric: string) {
  return scope?.metrics[metric] as { min: number; max: number; count: number }
}
