import { describe, expect, it } from 'vitest'
import {
  renderCsv,
  renderJunit,
  renderMarkdown,
  renderText,
  withCertainty,
} from '../../lib/report/index.ts'
import type { Interval, Report } from '../../lib/results/index.ts'
import { SLO } from './fixtures/cases.ts'
import { build, rate, trend } from './made-up.ts'

const LIMITS = { ...SLO, tpotP95Ms: undefined, goodput: undefined, errorRateBuiltIn: true }
const METRICS = {
  'llm_ttft{measured:true}': trend(790, 1000),
  'llm_ttft{phase:steady}': trend(790, 1000),
  'llm_request_failed{measured:true}': rate(0, 1000),
}

/** A run of 1000 requests with a TTFT p95 of 790 ms, at most 800 allowed, whose p95 lies in an interval. */
function within(low: number | null, high: number | null, { strict = false } = {}): Report {
  const p95: Interval = { low, high, effectiveSamples: 300, needs: high === null ? 2000 : null }
  const error: Interval = { low: 0, high: 0.02, effectiveSamples: 200, needs: null }
  const of = { 'llm_ttft.p95': p95, errorRate: error }
  const intervals = { source: 'records' as const, byScope: { measured: of, steady: of } }
  return withCertainty(build(METRICS, { slo: LIMITS, loadStartMs: 0 }), intervals, {
    confidence: 0.95,
    strict,
  })
}
const ttft = (report: Report) => report.slo.find(({ id }) => id === 'ttft_p95')!
const text = (report: Report) => renderText(report, { width: 100, color: false })

describe('a limit', () => {
  it('is kept when its whole interval keeps it', () => {
    const report = within(760, 800)
    expect(ttft(report)).toMatchObject({ verdict: 'kept', more: null })
    expect(report.verdict).toMatchObject({ status: 'passed', headline: 'SLO kept' })
    expect(text(report)).toContain('760 to 800  kept')
  })

  it('is missed when its whole interval misses it', () => {
    const report = within(801, 900)
    expect(ttft(report).verdict).toBe('missed')
    expect(report.verdict).toMatchObject({ status: 'failed', headline: 'SLO missed' })
  })

  it('is undecided where its interval reaches over it, and says how much longer decides it', () => {
    const report = within(760, 810)
    // Of 20 ms above the value, 10 keep the limit: four times as many requests, three times as long again.
    expect(ttft(report)).toMatchObject({ verdict: 'undecided', more: { samples: 3000 } })
    expect(ttft(report).more!.ms).toBe(3 * report.measured.lengthMs)
    expect(report.verdict).toMatchObject({ status: 'undecided', headline: 'SLO undecided' })
    expect(report.verdict.reasons[0]).toBe(
      'TTFT p95 790 ms (760 to 810), at most 800 ms: about 48s more would decide it',
    )
    expect(text(report)).toContain('undecided, about 48s more')
  })

  it('is undecided without an upper bound, and takes what the bound takes', () => {
    expect(ttft(within(760, null))).toMatchObject({ verdict: 'undecided', more: { samples: 1000 } })
    expect(ttft(within(null, null))).toMatchObject({ verdict: 'undecided' })
  })

  it('that nobody set may stay undecided', () => {
    const error = within(760, 800).slo.find(({ id }) => id === 'error_rate')
    expect(error).toMatchObject({ builtIn: true, verdict: 'undecided' })
  })
})

describe('an undecided limit', () => {
  it('skips its case in JUnit and fails nothing', () => {
    const xml = renderJunit(within(760, 810))
    expect(xml).toMatch(/failures="0" errors="0" skipped="3"/)
    expect(xml).toContain('TTFT p95 is 790 ms (760 to 810), limit ≤ 800 ms: undecided')
  })

  it('fails with STRICT', () => {
    const report = within(760, 810, { strict: true })
    expect(report.verdict).toMatchObject({ status: 'failed', headline: 'SLO not proven (STRICT)' })
    expect(renderJunit(report)).toMatch(/failures="1" errors="0"/)
    // What is proven needs no more.
    expect(within(760, 800, { strict: true }).verdict.status).toBe('passed')
  })

  it('fails in JUnit only where the run was judged: else its one error says all', () => {
    expect(renderJunit(within(760, 810, { strict: true }))).toContain('<failure message="TTFT p95')
    const open = within(760, 810, { strict: true })
    const stopped = { ...open, verdict: { ...open.verdict, status: 'unclear' as const } }
    expect(renderJunit(stopped)).not.toContain('<failure')
    expect(renderJunit(stopped)).toContain('errors="1"')
  })

  it('beyond which the value lies says that k6 exits with 99, and fails its case', () => {
    const report = within(760, 810)
    const beyond = { ...report, slo: report.slo.map((v) => ({ ...v, limit: v.limit && 785 })) }
    const intervals = {
      source: 'records' as const,
      byScope: { measured: report.measured.intervals! },
    }
    const judged = withCertainty(beyond, intervals, { confidence: 0.95, strict: false })
    expect(judged.verdict).toMatchObject({
      status: 'undecided',
      headline: 'SLO missed as measured, not proven',
    })
    expect(judged.verdict.reasons.join()).toContain('k6 exits with 99 for TTFT p95')
    expect(renderJunit(judged)).toMatch(/failures="1"/)
  })
})

describe('intervals', () => {
  const report = within(760, 805)

  it('are in every format', () => {
    expect(text(report)).toContain('790 ±30')
    expect(renderMarkdown(report)).toContain('790 ±30')
    expect(renderCsv(report)).toContain('steady,true,llm_ttft,p95,ms,790,760,805')
    expect(renderCsv(report)).toContain('slo,true,ttft_p95,value,ms,790,760,805')
  })

  it('that are not known read ±–', () => {
    expect(text(report)).toContain('790 ±–')
  })

  it('of records replace those of slices, which are said to be the source', () => {
    const slices = build(METRICS, { slo: LIMITS, loadStartMs: 0 })
    expect(slices.certainty).toMatchObject({ source: 'slices', confidence: 0.95 })
    expect(text(slices)).toContain("from k6's figures of each slice")
    expect(text(report)).toContain('from the request records')
  })

  it('are those of the confidence asked for', () => {
    const of = (confidence: number) => {
      const asked = build(METRICS, { slo: LIMITS, loadStartMs: 0, confidence })
      return asked.measured.intervals!['errorRate']!.high!
    }
    expect(of(0.99)).toBeGreaterThan(of(0.95))
    expect(of(0.8)).toBeLessThan(of(0.95))
  })
})
