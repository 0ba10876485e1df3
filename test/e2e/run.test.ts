import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { isJudged, loadRecords, runScenario } from './harness.ts'

const THRESHOLDS_FAILED = 99
const scenario = 'chat-steady'

describe.concurrent('k6 run', () => {
  it('ends with 99 when a service level is missed, and says which, and that so few do not prove it', async () => {
    const env = { SLO_TTFT_P95: '5', SLO_E2E_P95: '30s' }
    const run = await runScenario({ scenario, env })
    expect(run.code).toBe(THRESHOLDS_FAILED)
    if (isJudged(run)) {
      expect(run.report?.verdict.status).toBe('undecided')
      const verdicts = run.report!.slo.map((v) => [v.title, v.verdict, v.thresholdKept])
      expect(verdicts).toContainEqual(['TTFT p95', 'undecided', false])
      expect(verdicts).toContainEqual(['E2E p95', 'undecided', true])
      expect(run.stdout).toContain('SLO missed as measured, not proven')
      expect(run.stdout).toContain('k6 exits with 99 for TTFT p95')
    }
    // Not one request was good, though all were completed.
    expect(run.report?.measured).toMatchObject({ good: 0, completed: loadRecords(run).length })
  })

  it('prints no figures that it was told not to keep, and is judged all the same', async () => {
    const env = { CLOUD_THRESHOLDS: 'judged', SLO_TTFT_P95: '5' }
    const run = await runScenario({ scenario, env })
    expect(run.code).toBe(THRESHOLDS_FAILED)
    expect(run.stdout).toContain('no summary: CLOUD_THRESHOLDS=judged')
    expect(run.report).toBeUndefined()
  })

  it('ends with 0 when all are kept', async () => {
    const env = { SLO_TTFT_P95: '30s', SLO_TPOT_P95: '10s', SLO_GOODPUT: '99%' }
    const run = await runScenario({ scenario, env })
    expect(run.code, run.stdout).toBe(0)
    expect(run.report?.measured.goodShare).toBe(1)
  })

  it('goes well without the default folder for results, and says so before the load and after', async () => {
    const run = await runScenario({ scenario, resultsFolder: false })
    expect(run.code, run.stderr).toBe(0)
    expect(run.files).toEqual([])
    expect(run.stdout).toContain('error rate (built in)')
    expect(run.stdout).not.toContain('writes')
    for (const text of [run.stdout, run.stderr])
      expect(text).toContain('there is no folder results')
  })

  it('writes nothing with RESULTS=none', async () => {
    const run = await runScenario({ scenario, env: { RESULTS: 'none' } })
    expect(run.code, run.stderr).toBe(0)
    expect(run.files).toEqual(['results'])
  })

  it('takes a bundle alone in a folder', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-alone-'))
    try {
      const bundle = 'chat-spike.js'
      copyFileSync(path.join(inject('bundles'), bundle), path.join(folder, bundle))
      expect(readdirSync(folder)).toEqual([bundle])
      const run = await runScenario({ scenario: 'chat-spike', bundles: folder })
      expect(run.code, run.stderr).toBe(0)
      expect(run.report?.total.completed).toBe(loadRecords(run).length)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('marks figures as estimates where the server reports no usage', async () => {
    const server = { faults: [{ fault: 'no-usage', probability: 1 }] }
    const run = await runScenario({ scenario, server })
    expect(run.code, run.stderr).toBe(0)
    expect(JSON.stringify(run.report?.warnings)).toMatch(/estimate/)
    expect(run.stdout).toMatch(/estimate/)
  })

  it('measures a server that rejects what OpenAI does not know', async () => {
    const run = await runScenario({ scenario, server: { strict: true } })
    expect(run.code, run.stderr).toBe(0)
    expect(run.report?.outcomes).toMatchObject([{ outcome: 'completed' }])
  })

  it('sends the key it is given, and keeps it to itself', async () => {
    const run = await runScenario({
      scenario,
      env: { API_KEY: 'sk-right-0123456789' },
      server: { apiKey: 'sk-right-0123456789' },
    })
    expect(run.code, run.stderr).toBe(0)
    expect(run.stdout + run.stderr + JSON.stringify(run.report)).not.toContain('sk-right')
  })

  it('warns of a near miss of a variable and goes on', async () => {
    const run = await runScenario({ scenario, env: { DURATON: '1s' } })
    expect(run.code, run.stderr).toBe(0)
    expect(run.stdout + run.stderr).toMatch(/DURATON.*DURATION/)
  })

  it('keeps connections from one iteration to the next, as k6 does, unless told not to', async () => {
    const env = { RATE: undefined, CONCURRENCY: '3' }
    const kept = await runScenario({ scenario, env })
    expect(kept.code, kept.stderr).toBe(0)
    // The socket module of stock k6 ends a socket with its iteration.
    if (kept.report?.environment.clock === 'socket') {
      expect(kept.connections).toBeLessThan(loadRecords(kept).length / 2)
    }
    const anew = await runScenario({ scenario, env, args: ['--no-vu-connection-reuse'] })
    expect(anew.code, anew.stderr).toBe(0)
    expect(anew.connections).toBeGreaterThanOrEqual(loadRecords(anew).length)
  })

  it('loses no request to a server that closes idle connections', async () => {
    // A VU's next request is on its way at about the moment at which the server gives up waiting.
    const run = await runScenario({
      scenario,
      env: { RATE: undefined, CONCURRENCY: '5' },
      server: { keepAliveMs: 3 },
    })
    expect(run.code, run.stderr).toBe(0)
    expect(loadRecords(run).length).toBeGreaterThan(20)
    expect(run.report?.outcomes).toMatchObject([{ outcome: 'completed' }])
  })

  it('counts what it could not start', async () => {
    // Two VUs at 10 requests/s of half a second each: three fifths find none free.
    const run = await runScenario({
      scenario,
      env: { MAX_VUS: '2', OUTPUT_TOKENS: '2' },
      server: { ttftMs: 500 },
    })
    expect(run.report?.droppedIterations).toBeGreaterThan(0)
    expect(run.report?.total.started).toBe(loadRecords(run).length)
    expect(run.stdout).toMatch(/dropped/)
  })
})
