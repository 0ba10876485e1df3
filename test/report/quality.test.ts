import { describe, expect, it } from 'vitest'
import { renderCsv, renderMarkdown, renderText } from '../../lib/report/index.ts'
import type { QualityScore, Report } from '../../lib/results/index.ts'
import { resultsSchema } from '../../lib/results/schema.ts'
import { DEFAULT_FIGURES, defaultFigures, runOfRecords } from '../../lib/runs/index.ts'
import { randomOf } from '../../lib/workload/index.ts'
import { madeUpRecords } from '../records/made-up.ts'
import { build, rate, type Values } from './made-up.ts'

const graders = { names: ['number', 'degeneration'], reasons: ['wrong', 'cut_off', 'garbled'] }
const measured = (grader: string) => `grader:${grader},measured:true`

/** Counts of the measured phases: `number` and `degeneration` judge each answer. */
function counts(graded: number, right: number, wreck = 0): Record<string, Values> {
  return {
    'llm_answer_passed{measured:true}': rate(right, graded),
    [`llm_graded{${measured('number')}}`]: { count: graded },
    [`llm_graded_passed{${measured('number')}}`]: { count: right },
    [`llm_graded_score{${measured('number')}}`]: { count: right },
    [`llm_grade_reasons{${measured('number')},reason:wrong}`]: { count: graded - right },
    [`llm_graded{${measured('degeneration')}}`]: { count: graded },
    [`llm_graded_passed{${measured('degeneration')}}`]: { count: graded - wreck },
    [`llm_graded_score{${measured('degeneration')}}`]: { count: graded - wreck },
    [`llm_grade_reasons{${measured('degeneration')},reason:garbled}`]: { count: wreck },
  }
}
const score = (report: Report, grader: string, name = 'measured') =>
  report.quality?.scores.find((one) => one.grader === grader && one.name === name)

describe('quality in a report', () => {
  const report = build(counts(400, 389, 2), { graders })

  it('has the score of each grader with its interval', () => {
    expect(score(report, 'all')).toMatchObject({ graded: 400, passed: 389, score: 0.9725 })
    const own = score(report, 'number') as QualityScore
    expect([own.low, own.high].map((one) => one!.toFixed(4))).toEqual(['0.9514', '0.9846'])
    expect(report.quality?.reasons).toEqual([
      { grader: 'number', reason: 'wrong', count: 11 },
      { grader: 'degeneration', reason: 'garbled', count: 2 },
    ])
    expect(resultsSchema.safeParse(report).success).toBe(true)
  })

  it('has intervals as certain as CONFIDENCE asks', () => {
    const strict = build(counts(400, 389, 2), { graders, confidence: 0.99 })
    const [own, wide] = [report, strict].map((one) => score(one, 'number') as QualityScore)
    expect([own!.confidence, wide!.confidence]).toEqual([0.95, 0.99])
    expect(wide!.low).toBeLessThan(own!.low!)
    expect(wide!.high).toBeGreaterThan(own!.high!)
  })

  it('is in every format', () => {
    expect(renderText(report, { width: 100, color: false })).toMatch(
      /every grader +measured +400 +389 +97\.25 % +95\.14 % to 98\.46 %/,
    )
    expect(renderMarkdown(report)).toContain('not passed: number: wrong 11')
    expect(renderCsv(report)).toContain('measured,true,quality number,passed,requests,389')
  })

  it('is null where nothing was to be graded', () => {
    expect(build({}).quality).toBeNull()
    expect(renderText(build({}), { width: 100, color: false })).not.toContain('quality')
  })

  it('warns of what scores cannot tell', () => {
    const cut = { [`llm_grade_reasons{${measured('number')},reason:cut_off}`]: { count: 30 } }
    const failed = { 'llm_grading_failed{grader:number}': { count: 3 } }
    const types = (metrics: Record<string, Values>) =>
      build(metrics, { graders }).warnings.map(({ type }) => type)
    expect(types({ ...counts(400, 370), ...cut })).toContain('graded_cut_off')
    expect(types({ ...counts(400, 400), ...failed })).toContain('grader_failed')
    expect(types({})).toContain('not_graded')
    expect(types(counts(400, 400)).join()).not.toMatch(/grade/)
  })
})

describe('a limit on quality', () => {
  const judged = (graded: number, right: number, quality = 0.9) => {
    const slo = { errorRate: 1, quality }
    const report = build(counts(graded, right), { graders, slo })
    return [report.slo.find(({ id }) => id === 'quality')?.verdict, report.verdict.headline]
  }

  it('is kept only where the whole interval keeps it', () => {
    expect(judged(400, 389)[0]).toBe('kept')
    expect(judged(400, 340)[0]).toBe('missed')
    expect(judged(20, 20)[0]).toBe('undecided')
    // One failure of 100 tells nothing of a limit of 99.9 %: with that share, one run in ten has one.
    expect(judged(100, 99, 0.999)[0]).toBe('undecided')
  })
})

describe('from records', () => {
  it('scores are those of the grades in them', () => {
    const { run, records } = madeUpRecords('steady')
    const graded = records
      .filter(({ outcome }) => outcome === 'completed')
      .map((record, i) => ({
        ...record,
        grades: [
          i % 4 === 0
            ? { grader: 'number', score: 0, passed: false, reason: 'wrong' }
            : { grader: 'number', score: 1, passed: true, reason: 'ok' },
        ],
      }))
    const head = {
      v: 1,
      record: 'run',
      startedAt: '2026-01-01T00:00:00Z',
      run: { ...run, graders },
    }
    const read = runOfRecords('made up', [head as never, ...graded])
    const inside = graded.filter((record) => record.measured)
    const passed = inside.filter(({ grades }) => grades[0]!.passed)
    expect(score(read.report, 'number')).toMatchObject({
      graded: inside.length,
      passed: passed.length,
    })
    expect(score(read.report, 'all')?.score).toBe(passed.length / inside.length)
    expect(read.requests?.filter((one) => one.passed === false).length).toBe(
      graded.length - graded.filter(({ grades }) => grades[0]!.passed).length,
    )
  })
})

describe('500 graded answers', () => {
  const alarms = (share: number, runs: number) => {
    let found = 0
    for (let run = 0; run < runs; run++) {
      const random = randomOf(7, run, Math.round(share * 1000))
      let wreck = 0
      for (let i = 0; i < 500; i++) if (random() < share) wreck++
      const { quality } = build(counts(500, 500, wreck), { graders })
      if (quality!.reasons.some(({ reason }) => reason === 'garbled')) found++
    }
    return found
  }

  it('show 1 % of corrupted ones in 98 of 100 runs, and nothing in clean ones', () => {
    expect(alarms(0.01, 100)).toBeGreaterThanOrEqual(98)
    expect(alarms(0, 20)).toBe(0)
  })
})

it('is compared by itself where both sides graded answers', () => {
  const graded = { report: build(counts(400, 389), { graders }) }
  const plain = { report: build({}) }
  expect(defaultFigures([graded, graded])).toContain('quality')
  expect(defaultFigures([graded, plain])).not.toContain('quality')
  expect(defaultFigures([plain, plain])).toEqual(DEFAULT_FIGURES)
})
