import path from 'node:path'
import { describe, inject, it } from 'vitest'
import { loadRecords, runScenario } from './harness.ts'

const COMPARED = {
  COMPARED_SHARE: '1',
  IDLE_PROMPTS: '4',
  IDLE_ANSWERS: '3',
  TEMPERATURE: '0',
  OUTPUT_TOKENS: '30',
}

describe.concurrent('answers under load and before it', () => {
  it('differ at the step above which the server spoils them, and the limit is missed', async ({
    expect,
  }) => {
    const run = await runScenario({
      scenario: 'concurrency-sweep',
      server: { faults: [{ fault: 'garbled', probability: 0.7, above: 2 }] },
      env: {
        ...COMPARED,
        RATE: undefined,
        STEPS: '2,10',
        STEP_DURATION: '3s',
        STEP_SETTLE: '1s',
        SLO_DIVERGENCE: '1%',
        RECORDS: 'on',
      },
      args: ['--log-format', 'raw'],
    })
    const { report } = run
    if (report === undefined) throw new Error(run.stdout + run.stderr)
    expect(run.code, run.stdout).toBe(99)
    const { idle, parts } = report.divergence!
    expect(idle).toMatchObject({ prompts: 4, unstable: 0, unanswered: 0, repeated: 4, differed: 0 })
    const [low, high] = parts.filter(({ by, measured }) => by === 'phase' && measured)
    expect(low).toMatchObject({ name: 'c2', differed: 0, certain: false, word: null })
    expect(high).toMatchObject({ name: 'c10', certain: true })
    expect(high!.word).toBeGreaterThanOrEqual(1)
    const spoilt = loadRecords(run).filter(({ fault }) => fault.includes('garbled')).length
    const differed = parts
      .filter(({ by }) => by === 'phase')
      .reduce((sum, part) => sum + part.differed, 0)
    expect(differed).toBeLessThanOrEqual(spoilt)
    expect(differed).toBeGreaterThanOrEqual(spoilt - (report.inFlightAtEnd ?? 0))
    expect(report.slo.find(({ id }) => id === 'divergence')?.verdict).toBe('missed')
    expect(run.stdout).toContain('load changes answers')
    // What k6 counted is what the records say, and neither has a word of an answer.
    const lines = run.stderr.split('\n').filter((line) => line.includes('"record":"request"'))
    expect(lines.filter((line) => line.includes('"diverged":true'))).toHaveLength(differed)
    expect(lines.join()).not.toContain('"text"')
  })

  it('are the same on a server that draws nothing, over k6/http as well', async ({ expect }) => {
    const run = await runScenario({
      scenario: 'chat-steady',
      bundles: path.join(inject('bundles'), 'buffered'),
      env: { ...COMPARED, COMPARED_SHARE: '50%', SLO_E2E_P95: '30000', SLO_DIVERGENCE: '20%' },
    })
    const { report } = run
    if (report === undefined) throw new Error(run.stdout + run.stderr)
    expect(run.code, run.stdout).toBe(0)
    const [all] = report.divergence!.parts
    expect(all).toMatchObject({ by: 'measured', differed: 0 })
    expect(Math.abs(all!.compared - (report.measured.completed ?? 0) / 2)).toBeLessThanOrEqual(1)
    // 12 answers before the load, besides the preflight's.
    expect(run.records.length - 1 - (report.total.started ?? 0)).toBe(4 * 3)
    expect(report.warnings.map(({ type }) => type).join()).not.toMatch(/differ|answers/)
  })
})
