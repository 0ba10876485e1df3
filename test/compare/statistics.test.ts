import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holm, studentP, studentQuantile } from '../../lib/statistics/index.ts'
import { blockBias, blockCount } from '../../lib/compare/statistics/bootstrap.ts'
import { columnsOf, figureOf } from '../../lib/runs/columns.ts'
import { figureDef } from '../../lib/runs/figures.ts'
import { percentile } from '../../lib/statistics/percentile.ts'
import { randomSource } from '../../lib/random/index.ts'
import { madeUpRun, request } from './made-up.ts'

describe("Student's t", () => {
  // Two-sided critical values from the tables in every textbook.
  it.each([
    [1, 0.05, 12.706],
    [2, 0.05, 4.303],
    [5, 0.01, 4.032],
    [10, 0.05, 2.228],
    [30, 0.001, 3.646],
    [1000, 0.05, 1.962],
  ])('with %d degrees of freedom at %d is %d', (df, alpha, t) => {
    expect(studentQuantile(alpha, df)).toBeCloseTo(t, 3)
    expect(studentP(t, df)).toBeCloseTo(alpha, 4)
  })

  it('is Cauchy with one degree of freedom and symmetric', () => {
    for (const t of [0.1, 1, 3, 40]) {
      expect(studentP(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12)
      expect(studentP(-t, 7)).toBe(studentP(t, 7))
    }
    expect(studentP(0, 3)).toBe(1)
    expect(studentP(Infinity, 3)).toBe(0)
  })
})

describe("Holm's correction", () => {
  it('steps down, never below the one before', () => {
    // Holm 1979: p(i) times the number of hypotheses still standing.
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02])
    expect(holm([])).toEqual([])
    expect(holm([0.9, 0.8])).toEqual([1, 1])
  })
})

describe('figures of resampled runs', () => {
  it('equal those of the requests written out as often as their cells were drawn', () => {
    const values = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 40 })
    const times = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 10, maxLength: 10 })
    fc.assert(
      fc.property(values, times, fc.integer({ min: 0, max: 100 }), (ttfts, drawn, p) => {
        const requests = ttfts.map((ttftMs, i) => request({ atMs: (i * 37) % 1000, ttftMs }))
        const columns = columnsOf(madeUpRun('a', requests, 1000), 10)
        const def = figureDef(`ttft_p${p}`)!
        const written = requests.flatMap((r) =>
          Array.from({ length: drawn[Math.floor(r.atMs / 100)]! }, () => r.ttftMs),
        )
        const expected = percentile(written, p / 100)
        const got = figureOf(def, columns, Int32Array.from(drawn))
        if (expected === undefined) expect(got).toBeUndefined()
        else expect(got).toBeCloseTo(expected, 9)
        const mean = figureOf(figureDef('ttft_mean')!, columns, Int32Array.from(drawn))
        if (expected === undefined) expect(mean).toBeUndefined()
        else expect(mean).toBeCloseTo(written.reduce((a, b) => a + b) / written.length, 9)
      }),
    )
  })

  it('are the same with the short way that many requests take, also far off the usual', () => {
    const random = randomSource(3)
    const requests = Array.from({ length: 5000 }, (_, i) =>
      // Slower and slower: cells differ so much that the quantile leaves its usual place.
      request({ atMs: i / 5, ttftMs: Math.round(random() * 100) + i / 10 }),
    )
    const columns = columnsOf(madeUpRun('a', requests, 1000), 10)
    for (const drawn of [
      [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
      [9, 1, 0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, 0, 0, 0, 2, 8],
      [2, 0, 1, 2, 0, 1, 2, 0, 1, 1],
    ])
      for (const p of [0, 50, 95, 100]) {
        const written = requests.flatMap((r) =>
          Array.from({ length: drawn[Math.floor(r.atMs / 100)]! }, () => r.ttftMs),
        )
        const got = figureOf(figureDef(`ttft_p${p}`)!, columns, Int32Array.from(drawn))
        expect(got).toBeCloseTo(percentile(written, p / 100)!, 9)
      }
  })

  it('count tokens where they are received, whole inside the window', () => {
    const run = madeUpRun(
      'a',
      [
        // Half of it before the window, and a request due before it.
        request({ atMs: -500, ttftMs: 0, outputTokens: 100, lastMs: 500 }),
        request({ atMs: 600, ttftMs: 100, outputTokens: 30, lastMs: 900 }),
        // All at once, and after the window.
        request({ atMs: 950, ttftMs: 10, outputTokens: 7, lastMs: 960 }),
        request({ atMs: 990, ttftMs: 100, outputTokens: 50, lastMs: 2000 }),
      ],
      1000,
    )
    for (const cells of [1, 7, 10, 64])
      expect(figureOf(figureDef('output_tokens_per_s')!, columnsOf(run, cells))).toBeCloseTo(87, 9)
  })

  it('have no value rather than 0 without requests', () => {
    const empty = columnsOf(madeUpRun('a', [], 1000), 8)
    for (const id of ['ttft_p50', 'tpot_mean', 'good_share', 'error_share', 'good_per_s'])
      expect(figureOf(figureDef(id)!, empty)).toBeUndefined()
  })
})

describe('blocks', () => {
  it('grow with what the run remembers and with the run', () => {
    expect(blockCount(60_000, 1_000)).toBe(15)
    expect(blockCount(600_000, 1_000)).toBeGreaterThan(60)
    expect(blockCount(60_000, 100_000)).toBe(6)
    expect(blockCount(60_000, 0)).toBe(400)
  })

  it('correct what they miss of an autocorrelated mean', () => {
    // Blocks far longer than the memory miss only the mean itself.
    expect(blockBias(1e9, 1, 10)).toBeCloseTo(Math.sqrt(10 / 9), 6)
    // L = c: 1 - (1 - 1/e) = 1/e of the variance is seen.
    expect(blockBias(60_000, 6_000, 10)).toBeCloseTo(Math.sqrt((10 / 9) * Math.E), 9)
    expect(blockBias(60_000, 0, 10)).toBeCloseTo(Math.sqrt(10 / 9), 9)
  })
})
