import { describe, expect, it } from 'vitest'
import { idleSum } from '../../lib/metrics/index.ts'
import { renderCsv, renderMarkdown, renderText } from '../../lib/report/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { resultsSchema } from '../../lib/results/schema.ts'
import { runOfRecords } from '../../lib/runs/index.ts'
import { madeUpRecords } from '../records/made-up.ts'
import { build, rate, trend, type Values } from './made-up.ts'

const idle = idleSum([
  { prompts: 20, unstable: 2, unanswered: 1, repeated: 51, requests: 100, outputTokens: 6400 },
])

/** Counts of the measured phases. */
function counts(compared: number, differed: number): Record<string, Values> {
  const of = (tags: string) => ({
    [`llm_compared{${tags}}`]: { count: compared },
    [`llm_diverged{${tags}}`]: { count: differed },
    [`llm_answer_diverged{${tags}}`]: rate(differed, compared),
    [`llm_diverged_at{${tags}}`]: trend(12, differed),
  })
  return { ...of('measured:true'), ...of('phase:steady') }
}
const types = ({ warnings }: Report) => warnings.map(({ type }) => type)
const text = (report: Report) => renderText(report, { width: 120, color: false })

describe('answers that differ from those before the load', () => {
  const report = build(counts(500, 40), { idle })

  it('are told by part of the run, with what the idle server did', () => {
    expect(report.divergence?.parts[0]).toMatchObject({
      by: 'measured',
      compared: 500,
      differed: 40,
      share: 0.08,
      word: 12,
    })
    expect(report.divergence?.idle).toMatchObject({ repeated: 51, differed: 0, share: 0, low: 0 })
    expect(resultsSchema.safeParse(report).success).toBe(true)
  })

  it('are in every format', () => {
    expect(text(report)).toMatch(/idle, asked again +51 +0 +0 % +0 % to 7 %/)
    expect(text(report)).toMatch(/steady +500 +40 +8 % +5\.93 % to 10\.71 % .* 12/)
    expect(text(report)).toContain(
      'of 20 prompts, 2 answered otherwise the second time, 1 not answered',
    )
    expect(renderMarkdown(report)).toContain('answers other than idle')
    expect(renderCsv(report)).toContain('steady,true,divergence,differed,requests,40')
    expect(renderCsv(report)).toContain('idle,false,divergence,compared,requests,51')
  })

  it('are warned of as far as they are proved', () => {
    expect(types(report)).toContain('load_changes_answers')
    expect(types(build(counts(500, 1), { idle }))).toContain('answers_differ')
    const noisy = { ...idle, differed: 5 }
    expect(types(build(counts(500, 1), { idle: noisy })).join()).not.toContain('answers')
    expect(types(build(counts(500, 0), { idle })).join()).not.toContain('answers')
    expect(types(build({}, { idle }))).toContain('not_compared')
  })

  it('are null where nothing was to be compared', () => {
    expect(build({}).divergence).toBeNull()
    expect(text(build({}))).not.toContain('idle')
  })
})

describe('a limit on them', () => {
  const judged = (compared: number, differed: number, divergence: number, change = {}) => {
    const slo = { errorRate: 1, divergence }
    const report = build(counts(compared, differed), { idle: { ...idle, ...change }, slo })
    return report.slo.find(({ id }) => id === 'divergence')!
  }

  it('is kept or missed where the whole interval says so', () => {
    expect(judged(500, 0, 0.01).verdict).toBe('kept')
    expect(judged(500, 40, 0.01).verdict).toBe('missed')
    expect(judged(500, 5, 0.01).verdict).toBe('undecided')
  })

  it('is not missed for what the server does without load', () => {
    const found = judged(500, 40, 0.01, { differed: 4 })
    expect(found.verdict).toBe('unclear')
    expect(found.note).toBe('4 of 51 differ without load')
    expect(judged(500, 200, 0.01, { differed: 4 }).verdict).toBe('missed')
  })
})

it('bounds on what is spent count the answers before the load', () => {
  const bounds = { requests: 1000 }
  const used = (change: object) =>
    build({ llm_requests_started: { count: 600 } }, { bounds, ...change }).bounds[0]?.used
  expect(used({ idle })).toBe(700)
  expect(used({})).toBe(600)
})

describe('from records', () => {
  const { run, records } = madeUpRecords('steady')
  const head = { v: 1, record: 'run', startedAt: '2026-01-01T00:00:00Z', run: { ...run, idle } }
  const compared = records
    .filter(({ outcome }) => outcome === 'completed')
    .map((record, i) => ({
      ...record,
      diverged: i % 4 === 0,
      ...(i % 4 === 0 && { divergedAtWord: 3 }),
    }))

  it('shares are those of the answers in them', () => {
    const read = runOfRecords('made up', [head as never, ...compared])
    const inside = compared.filter(({ measured }) => measured)
    expect(read.report.divergence?.parts[0]).toMatchObject({
      compared: inside.length,
      differed: inside.filter(({ diverged }) => diverged).length,
      word: 3,
    })
    expect(read.requests?.filter((one) => one.diverged).length).toBe(
      compared.filter(({ diverged }) => diverged).length,
    )
  })
})
