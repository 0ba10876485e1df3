import { describe, expect, test } from 'vitest'
import { createDetail, createSummarizer } from '../../lib/runs/index.ts'
import type { RequestRecord, RunRecord } from '../../lib/records/index.ts'
import { buildReport } from '../../lib/report/index.ts'
import { runInfo } from '../report/fixtures/cases.ts'
import { fixture, report } from '../report/load.ts'
import { madeUpRecords } from './made-up.ts'

interface K6Data {
  metrics: Record<string, { values: Record<string, number> }>
}

function summaryOf(name: string): K6Data {
  const { run, records } = madeUpRecords(name)
  const summarizer = createSummarizer(run)
  for (const record of records) summarizer.add(record)
  return summarizer.summary() as unknown as K6Data
}

/** Records do not know what a user's own code counts, what was cut off, and what was never sent. */
const UNKNOWN = /^(dropped_iterations|llm_requests_started|llm_preflight_failed|llm_server|llm_gpu)/

describe('records give the figures that the real k6 gave', () => {
  test.each(['spike', 'steady', 'cold', 'closed', 'down'])('%s', (name) => {
    const mine = summaryOf(name).metrics
    const k6 = fixture<K6Data>(name).metrics
    let compared = 0
    for (const [key, { values }] of Object.entries(mine)) {
      const theirs = k6[key]?.values
      if (theirs === undefined || UNKNOWN.test(key)) continue
      // The made-up closed loop has times from a due time that its requests do not have.
      if (name === 'closed' && /_due/.test(key)) continue
      for (const [statistic, value] of Object.entries(values)) {
        // A counter's rate is over k6's own wall clock.
        if (statistic === 'rate' && !('passes' in values)) continue
        expect(value, `${key} ${statistic}`).toBeCloseTo(theirs[statistic] as number, 2)
        compared++
      }
    }
    // The whole table: latencies, counts and rates of every scope and slice.
    expect(compared).toBeGreaterThan(350)
  })

  test('down to the report that is built of them', () => {
    const rest = report('steady')
    const again = buildReport({ summary: summaryOf('steady'), run: runInfo('steady') })
    expect(again.verdict).toEqual(rest.verdict)
    expect(again.slo.map((v) => [v.id, v.verdict])).toEqual(rest.slo.map((v) => [v.id, v.verdict]))
    expect(again.measured.outputTokensPerS).toBeCloseTo(rest.measured.outputTokensPerS as number, 2)
    expect(again.measured.inFlight).toBeCloseTo(rest.measured.inFlight as number, 2)
  })

  test('and a few lines of their own agree', () => {
    const { records } = madeUpRecords('spike')
    const ttft = records
      .filter((r) => r.measured && r.outcome === 'completed')
      .map((r) => (r.firstTokenMs as number) - (r.sentMs as number))
      .sort((a, b) => a - b)
    const at = 0.95 * (ttft.length - 1)
    const low = ttft[Math.floor(at)] as number
    const p95 = low + ((ttft[Math.ceil(at)] as number) - low) * (at % 1)
    const { value } = report('spike').slo.find((v) => v.id === 'ttft_p95') ?? {}
    expect(value).toBeCloseTo(p95, 2)
  })
})

describe('the detail of a run', () => {
  const { run, records } = madeUpRecords('spike')
  const detail = detailOf(run, records)

  /** The run ends with a bucket, whose rates are therefore those of a whole one. */
  const bucketMs = detail.series.bucketMs
  const lastMs = Math.max(...records.map(({ endMs }) => endMs))
  const whole = records.map((r) =>
    r.endMs === lastMs ? { ...r, endMs: Math.ceil(lastMs / bucketMs) * bucketMs - 1e-6 } : r,
  )

  test('counts every request once over time', () => {
    const { series } = detailOf(run, whole)
    const sum = (points: readonly (number | null)[]) =>
      points.reduce<number>((all, value) => all + (value ?? 0) * (series.bucketMs / 1000), 0)
    expect(sum(series.startedPerS)).toBeCloseTo(records.length, 6)
    expect(sum(series.completedPerS) + sum(series.failedPerS)).toBeCloseTo(records.length, 6)
    const tokens = records.reduce(
      (all, r) => all + Object.values(r.received).reduce((a, b) => a + b, 0),
      0,
    )
    expect(sum(series.tokensPerS)).toBeCloseTo(tokens, 6)
    const flight = whole.reduce((all, r) => all + r.endMs - (r.sentMs as number), 0) / 1000
    expect(sum(series.inFlight)).toBeCloseTo(flight, 6)
  })

  test('spreads tokens as well without the gaps, only less exactly', () => {
    const bare = detailOf(
      run,
      whole.map((r) => ({ ...r, gapsMs: [] })),
    )
    const detail = detailOf(run, whole)
    const total = (points: readonly (number | null)[]) =>
      points.reduce<number>((all, value) => all + (value ?? 0), 0)
    expect(total(bare.series.tokensPerS)).toBeCloseTo(total(detail.series.tokensPerS), 6)
  })

  test('puts every measured completed request in one bin', () => {
    const completed = records.filter((r) => r.measured && r.outcome === 'completed').length
    for (const { counts, edgesMs, metric } of detail.histograms) {
      expect(
        counts.reduce((a, b) => a + b, 0),
        metric,
      ).toBe(completed)
      expect(edgesMs).toHaveLength(counts.length + 1)
    }
    const { atShare, ms } = detail.curves.find((c) => c.metric === 'ttft') ?? {
      atShare: [],
      ms: [],
    }
    expect(atShare[atShare.length - 1]).toBe(1)
    expect(ms).toEqual([...ms].sort((a, b) => a - b))
  })

  test('names the slowest and the failed, and how many there were', () => {
    const slowest = records
      .filter((r) => r.measured && r.ttftMs !== undefined)
      .sort((a, b) => (b.ttftMs as number) - (a.ttftMs as number))
    expect(detail.slowestTtft).toHaveLength(20)
    expect(detail.slowestTtft[0]?.id).toBe(slowest[0]?.id)
    expect(detail.slowestTtft[19]?.ttftMs).toBe(slowest[19]?.ttftMs)
    const failed = records.filter((r) => r.outcome !== 'completed')
    expect(detail.failures).toBe(failed.length)
    expect(detail.failed[0]?.reason).toBe(failed[0]?.reason)
  })

  test('stays small whatever comes: many values of a tag, times years ahead, long runs', () => {
    const many = Array.from({ length: 3_000 }, (_, i) => {
      const base = records[i % records.length] as RequestRecord
      return { ...base, app: `app-${i}`, endMs: base.endMs + (i === 7 ? 1e12 : i * 1000) }
    })
    const big = detailOf(run, many)
    expect(JSON.stringify(big).length).toBeLessThan(400_000)
    expect(big.groups.filter((group) => group.by === 'app')).toHaveLength(41)
    const apps = big.groups.filter((group) => group.by === 'app')
    const sum = apps.reduce((all, group) => all + group.completed + group.failed, 0)
    expect(sum).toBe(many.filter((r) => r.measured).length)
  })

  function detailOf(of: RunRecord['run'], list: readonly RequestRecord[]) {
    const collector = createDetail(of)
    for (const record of list) collector.add(record)
    return collector.detail(null)
  }
})
