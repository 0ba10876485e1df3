import { describe, expect, test } from 'vitest'
import { compareRuns } from '../../lib/compare/index.ts'
import { fleetCost, usageOf } from '../../lib/cost/index.ts'
import { renderCsv, renderJunit, renderText } from '../../lib/report/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { resultsSchema } from '../../lib/results/schema.ts'
import { runOfRecords } from '../../lib/runs/index.ts'
import { virtualRecords, virtualRun } from '../../scripts/virtual/index.ts'
import type { VirtualRun } from '../../scripts/virtual/index.ts'

/** The engine completes about 50 such requests/s. */
const RUN: VirtualRun = {
  name: 'overload',
  ratePerS: 80,
  warmupMs: 5_000,
  measuredMs: 30_000,
  traffic: { outputTokens: 30 },
  trafficSeed: 3,
  serverSeed: 4,
  slo: { errorRate: 1, ttftP95Ms: 500, e2eP50Ms: 60_000 },
}
const verdictOf = (report: Report, id: string) => report.slo.find((one) => one.id === id)?.verdict

describe('a server that more is asked of than it answers', () => {
  const run = virtualRun(RUN)
  const { report } = run
  const text = renderText(report, { width: 120, color: false })

  test('is told from the requests that came and those that went', () => {
    const [only] = report.overload ?? []
    expect(only?.phase).toBe('steady')
    expect(only?.camePerS).toBeGreaterThan(70)
    expect(only?.answeredPerS).toBeLessThan(60)
    expect(text.replace(/\s+/g, ' ')).toMatch(
      /more came than was answered: [\d.]+ requests\/s against [\d.]+, so the queue grows/,
    )
    expect(text).not.toMatch(/drifts|not steady|does not stand still/)
  })

  test('misses a limit that it missed from early on, and is not certain to keep any', () => {
    expect(verdictOf(report, 'ttft_p95')).toBe('missed')
    expect(report.verdict).toMatchObject({ status: 'failed', headline: 'SLO missed' })
    expect(verdictOf(report, 'e2e_p50')).toBe('undecided')
  })

  test('has latencies without an upper bound, and those without a wait as they are', () => {
    const { metrics, intervals = {} } = report.measured
    const ttft = metrics['llm_ttft']
    expect(intervals['llm_ttft.p95']).toMatchObject({ high: null, needs: null })
    expect(intervals['llm_ttft.p95']?.low).toBeGreaterThan(500)
    expect(intervals['llm_ttft.p95']?.low).toBeLessThan(ttft?.kind === 'trend' ? ttft.p95! : 0)
    expect(intervals['llm_tpot.p50']?.high).not.toBeNull()
  })

  test('costs what it answers, not what came', () => {
    expect(report.measured.completedPerS).toBeGreaterThan(70)
    expect(usageOf(run).completedPerS).toBe(report.overload?.[0]?.answeredPerS)
  })

  test('has parts that cost what the whole does', () => {
    const [all, ...parts] = fleetCost(usageOf(run), 10, 0.1)
    expect(parts.length).toBeGreaterThan(0)
    for (const part of parts) expect(part.perRequest! / all!.perRequest!).toBeCloseTo(1, 2)
  })

  test('has no steady part, and no bounds of the latencies of its applications', () => {
    expect(report.steady).toEqual([])
    const records = virtualRecords(RUN).map((record) =>
      record.record === 'run'
        ? { ...record, run: { ...record.run, groups: [{ tag: 'app', values: ['chat'] }] } }
        : record,
    )
    const [app] = runOfRecords('apps', records).report.groups
    expect(app?.intervals?.['llm_ttft.p50']).toMatchObject({ low: null, high: null })
    expect(app?.intervals?.['llm_tpot.p50']?.high).not.toBeNull()
  })

  test('is told where it is compared', () => {
    const [comparison] = compareRuns([virtualRun({ ...RUN, ratePerS: 20 })], [[run]])
    const told = comparison?.differences.filter(({ kind }) => kind === 'told')
    expect(told?.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^overload: more came than was answered \([\d.]+ requests\/s against /),
    )
  })

  test('is in every format', () => {
    expect(text).toMatch(/TTFT p95 .* from [\d,]+ +missed/)
    expect(renderCsv(report)).toContain('llm_ttft,p95')
    expect(renderJunit(report)).toMatch(/TTFT p95 is [\d,]+ ms \(from [\d,]+\), limit/)
    expect(resultsSchema.safeParse(JSON.parse(JSON.stringify(report))).success).toBe(true)
  })
})

test('a server that keeps up, busy or not, is not overloaded', () => {
  for (const ratePerS of [10, 40, 46]) {
    for (const trafficSeed of [1, 2, 3]) {
      const { report } = virtualRun({ ...RUN, ratePerS, trafficSeed })
      expect(report.overload).toEqual([])
    }
  }
})
