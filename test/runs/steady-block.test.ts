import { describe, expect, test } from 'vitest'
import { renderCsv, renderText } from '../../lib/report/index.ts'
import { resultsSchema } from '../../lib/results/schema.ts'
import type { RequestRecord } from '../../lib/records/index.ts'
import { runOfRecords } from '../../lib/runs/index.ts'
import { percentile } from '../../lib/statistics/index.ts'
import { virtualRecords, virtualRun } from '../../scripts/virtual/index.ts'
import type { VirtualRun } from '../../scripts/virtual/index.ts'

const RUN: VirtualRun = {
  name: 'steady',
  ratePerS: 8,
  warmupMs: 1_000,
  measuredMs: 120_000,
  trafficSeed: 3,
  serverSeed: 4,
  slo: { errorRate: 1, ttftP50Ms: 10_000, ttftP95Ms: 150 },
}

/** The report of a run each of whose requests is changed. */
function reportOf(run: VirtualRun, change: (record: RequestRecord) => RequestRecord) {
  const records = virtualRecords(run).map((one) => (one.record === 'request' ? change(one) : one))
  return runOfRecords(run.name, records, { intervals: true }).report
}

/** The same request, whose answer began and ended later. */
function later(record: RequestRecord, ms: number): RequestRecord {
  const moved = Object.fromEntries(
    ANSWERED.flatMap((mark) => (record[mark] === undefined ? [] : [[mark, record[mark] + ms]])),
  )
  return { ...record, ...moved }
}
const ANSWERED = [
  'headersMs',
  'firstByteMs',
  'firstTokenMs',
  'firstAnswerMs',
  'lastTokenMs',
  'endMs',
] as const

describe('a run on a server that compiles', () => {
  const run = virtualRun({ ...RUN, engine: { compileMs: 3000 } })
  const { report } = run
  const [steady] = report.steady ?? []
  const text = renderText(report, { width: 120, color: false })

  test('has a steady block, whose figures are those of the requests from then on', () => {
    expect(steady).toMatchObject({ phase: 'steady', status: 'after_start', subject: 'TTFT' })
    const fromMs = steady?.fromMs ?? NaN
    const all = run.requests ?? []
    const later = all.filter((r) => r.measured && r.atMs >= fromMs)
    const ttfts = later.flatMap(({ timings }) => timings.ttftMs ?? [])
    const stats = steady?.block?.metrics['llm_ttft']
    expect(stats).toMatchObject({
      count: ttfts.length,
      p95: percentile(ttfts, 0.95),
      max: Math.max(...ttfts),
    })
    expect(steady?.early ?? 0).toBeGreaterThan(5 * (steady?.late ?? Infinity))
    const { low, high } = steady?.block?.intervals?.['llm_ttft.p50'] ?? {}
    expect([low, high].every((end) => typeof end === 'number')).toBe(true)
    const tokens = later.reduce((sum, r) => sum + r.measuredTokens, 0)
    const perS = (1000 * tokens) / (steady?.block?.lengthMs ?? NaN)
    expect((steady?.block?.outputTokensPerS ?? 0) / perS).toBeCloseTo(1, 1)
  })

  test('shows them beside those of the whole, and says what verdicts are on', () => {
    const from = steady?.block?.name ?? ''
    expect(text).toMatch(new RegExp(`^ +${from} +\\d`, 'm'))
    const said = text.replace(/\s+/g, ' ')
    expect(said).toMatch(
      /the first \d+(\.\d)?s are a start-up \(median TTFT [\d,]+ ms, then [\d.]+ ms\)/,
    )
    expect(said).toMatch(/as WARMUP=\d+s would; verdicts are on the whole phase/)
    expect(said).toMatch(/TTFT p95 would be kept without it/)
    expect(renderCsv(report)).toContain(`${from},true,llm_ttft,p95,ms,`)
    expect(resultsSchema.safeParse(JSON.parse(JSON.stringify(report))).success).toBe(true)
  })
})

test('of a warm server the phase is steady, and nothing is shown twice', () => {
  const { report } = virtualRun({ ...RUN, warmupMs: 10_000 })
  expect(report.steady).toMatchObject([{ status: 'steady', cut: 0, fromMs: 10_000, block: null }])
  expect(renderText(report, { width: 120, color: false })).not.toMatch(/start-up|drifts/)
})

test('a latency that drifts has no one figure: its interval spans both halves', () => {
  const run: VirtualRun = { ...RUN, warmupMs: 10_000 }
  const report = reportOf(run, (record) => later(record, record.startMs / 200))
  const [steady] = report.steady ?? []
  expect(steady).toMatchObject({ status: 'drifts', fromMs: null, block: null })
  expect(steady?.late ?? 0).toBeGreaterThan(2 * (steady?.early ?? Infinity))
  const said = renderText(report, { width: 120, color: false }).replace(/\s+/g, ' ')
  expect(said).toMatch(
    /TTFT drifts: its median is [\d,]+ ms in the first third and [\d,]+ ms in the/,
  )
  const { low, high } = report.measured.intervals?.['llm_ttft.p50'] ?? {}
  expect(low ?? 0).toBeLessThanOrEqual(steady?.early ?? 0)
  expect(high ?? Infinity).toBeGreaterThanOrEqual(steady?.late ?? Infinity)
})

test('too few requests tell nothing', () => {
  const { report } = virtualRun({ ...RUN, measuredMs: 20_000 })
  expect(report.steady).toMatchObject([{ status: 'no_value', fromMs: null, block: null }])
})
