import path from 'node:path'
import { describe, inject, it } from 'vitest'
import type { Report } from '../../lib/results/index.ts'
import { readAnswers } from '../../simulator/known-answers.ts'
import { loadRecords, runScenario } from './harness.ts'
import type { Run } from './harness.ts'

const QUESTIONS = path.resolve('data/quality/arithmetic.jsonl')

function scoresOf(report: Report, by: string, grader: string) {
  return (report.quality?.scores ?? []).filter((one) => one.by === by && one.grader === grader)
}

/** Answers that the server spoilt by itself. */
function spoilt(run: Run, fault: string): number {
  return loadRecords(run).filter((record) => record.fault.includes(fault)).length
}

describe.concurrent('quality under load', () => {
  it('finds wrong answers that come only above a number in flight, at the step where they come', async ({
    expect,
  }) => {
    const run = await runScenario({
      scenario: 'concurrency-sweep',
      server: {
        answers: readAnswers(QUESTIONS),
        faults: [{ fault: 'wrong', probability: 0.8, above: 2 }],
      },
      env: {
        RATE: undefined,
        STEPS: '2,10',
        STEP_DURATION: '3s',
        STEP_SETTLE: '1s',
        DATASET: QUESTIONS,
        OUTPUT_TOKENS: '200',
        GRADED_SHARE: '1',
        GRADER: 'number',
        SLO_QUALITY: '99%',
      },
    })
    const { report } = run
    if (report === undefined) throw new Error(run.stdout + run.stderr)
    expect(run.code, run.stdout).toBe(99)
    expect(report.slo.find(({ id }) => id === 'quality')?.value).toBeLessThan(0.99)
    const [, low, high] = scoresOf(report, 'phase', 'number')
    expect(low).toMatchObject({ name: 'c2', score: 1, high: 1 })
    expect(low!.graded).toBeGreaterThan(5)
    expect(high!.name).toBe('c10')
    expect(high!.passed).toBeLessThan(high!.graded)
    expect(run.stdout).toMatch(/not passed: number +wrong \d+/)
    // The server knows what it did.
    const wrong = scoresOf(report, 'phase', 'number').map(({ graded, passed }) => graded - passed)
    // Neither is graded: what the end cut off, and what failed or was given up on a busy machine.
    const cut = (report.total.started ?? 0) - (report.total.completed ?? 0)
    const sum = wrong.reduce((all, one) => all + one, 0)
    expect(sum).toBeLessThanOrEqual(spoilt(run, 'wrong'))
    expect(sum).toBeGreaterThanOrEqual(spoilt(run, 'wrong') - cut)
  })

  it('grades a share of the answers, over k6/http and from records as well', async ({ expect }) => {
    const run = await runScenario({
      scenario: 'structured',
      bundles: path.join(inject('bundles'), 'buffered'),
      server: { faults: [{ fault: 'broken-json', probability: 0.3, from: 1 }] },
      env: {
        RESULTS: 'none',
        RECORDS: 'on',
        DURATION: '4s',
        GRADED_SHARE: '50%',
        KEEP_ANSWERS: '20%',
        SLO_VALID_JSON: '95%',
      },
      args: ['--log-format', 'raw', '--console-output', 'results/requests.jsonl'],
    })
    const { report } = run
    if (report === undefined) throw new Error(run.stdout + run.stderr)
    expect(run.code, run.stdout).toBe(99)
    const [all] = scoresOf(report, 'measured', 'all')
    const [json] = scoresOf(report, 'measured', 'json_schema')
    expect(json!.graded).toBeGreaterThan(10)
    expect(Math.abs(json!.graded - (report.measured.completed ?? 0) / 2)).toBeLessThanOrEqual(1)
    expect(json!.passed).toBeLessThan(json!.graded)
    expect(json!.graded - json!.passed).toBeLessThanOrEqual(spoilt(run, 'broken-json'))
    expect(report.quality?.reasons).toEqual([
      { grader: 'json_schema', reason: 'not_json', count: json!.graded - json!.passed },
    ])
    // As many are kept as were asked for, and each of them was graded: those that did not pass are known.
    const kept = report.answers!
    expect(Math.abs(kept.kept - (report.measured.finished ?? 0) / 5)).toBeLessThanOrEqual(2)
    expect(kept.lists[0]!.count).toBeGreaterThan(0)
    expect(kept.lists[0]!.count).toBeLessThanOrEqual(all!.graded - all!.passed)
    // What k6 counted is what the records say.
    expect(run.stdout).toMatch(new RegExp(`every grader +\\S.* ${all!.graded} +${all!.passed} `))
  })
})
