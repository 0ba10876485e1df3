import { describe, expect, it } from 'vitest'
import { pettitt, sparkline, trendShown, trendsOf } from '../../lib/compare/index.ts'
import { renderShown, trendCharts } from '../../lib/html/index.ts'
import { randomSource } from '../../lib/random/index.ts'

const runs = (values: (number | undefined)[], id = 'ttft_p95') =>
  values.map((value, i) => ({
    name: `run-${i}`,
    startedAt: `2026-03-${String(i + 1).padStart(2, '0')}T00:00:00Z`,
    values: { [id]: value },
  }))

describe("Pettitt's test", () => {
  it('finds a step where it is', () => {
    // Of the 10! / (5! 5!) = 252 ways to order lows and highs, 2 have the largest |U|.
    const found = pettitt([1, 1, 1, 1, 1, 9, 9, 9, 9, 9])!
    expect(found.at).toBe(5)
    expect(Math.abs(found.p - 2 / 252)).toBeLessThan(0.006)
    expect(pettitt([1, 1, 1, 1, 1, 1, 1, 1])!.p).toBe(1)
    expect(pettitt([1, 2, 3])).toBeUndefined()
  })

  it('finds no step in noise more often than its level', () => {
    const random = randomSource(11)
    let found = 0
    for (let i = 0; i < 200; i++)
      if (pettitt(Array.from({ length: 30 }, () => random()))!.p <= 0.05) found++
    // Binomial(200, 0.05): more than 20 come once in a thousand.
    expect(found).toBeLessThanOrEqual(20)
  })
})

describe('trends', () => {
  it('are in the order of the starts and name the run where a figure moved', () => {
    const values = [100, 101, 99, 100, 102, 130, 131, 129, 130, 132]
    const report = trendsOf(runs(values).toReversed(), ['ttft_p95'])
    expect(report.runs.map((run) => run.name)[0]).toBe('run-0')
    expect(report.trends[0]!.step).toMatchObject({ at: 5, before: 100, after: 130 })
    expect(report.trends[0]!.step!.change).toBeCloseTo(0.3, 12)
    const shown = trendShown(report)
    expect(shown.rows[0]!.join(' ')).toContain('+30 % from run-5 on')
    expect(shown.tones).toEqual(['bad'])
  })

  it('keep runs without a value as gaps, never as 0', () => {
    const report = trendsOf(runs([5, undefined, 7]), ['ttft_p95'])
    expect(report.trends[0]!.values).toEqual([5, null, 7])
    expect(sparkline(report.trends[0]!.values)).toBe('▁ █')
    const [chart] = trendCharts(report)
    expect(chart!.lines[0]!.values).toEqual([5, null, 7])
    expect(trendCharts(trendsOf(runs([undefined]), ['ttft_p95']))).toEqual([])
  })

  it('escape what is in names', () => {
    const bad = runs([1, 2]).map((run) => ({ ...run, name: '<script>"x"' }))
    const report = trendsOf(bad, ['ttft_p95'])
    const charts = [{ title: 'Over the runs', charts: trendCharts(report) }]
    const shown = [trendShown(report)]
    const page = renderShown({ shown, beside: [{ charts }], script: '', style: '' })
    expect(page).not.toContain('<script>"x"')
    expect(page).not.toContain('<script>\\"x')
  })

  it('are asked for by figures that there are', () => {
    expect(() => trendsOf([], ['speed'])).toThrow(/"speed"; accepted: ttft/)
  })
})
