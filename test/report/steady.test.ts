import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mannKendallP, settledFrom, trendOfMedians } from '../../lib/report/figures/steady.ts'
import { report } from './load.ts'

/** Seeded, so that the counts below are the same everywhere. */
function gaussian(seed: number): () => number {
  let state = seed
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state + 0.5) / 4294967296
  }
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

describe('the trend test', () => {
  // Kendall's exact tables: n = 4, |S| = 6: 2/24; n = 5, |S| >= 8: 10/120; n = 6, |S| = 15: 2/720.
  it.each([
    [4, 6, 2 / 24],
    [5, 8, 10 / 120],
    [6, 15, 2 / 720],
    [10, 0, 1],
  ])('has the exact p for n = %d, S = %d', (n, s, p) => {
    expect(mannKendallP(n, s)).toBeCloseTo(p, 12)
  })

  it('sees a line as what it is, whatever its unit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6, max: 12 }),
        fc.double({ min: 0.01, max: 1e4, noNaN: true }),
        (n, unit) => {
          const line = Array.from({ length: n }, (_, i) => unit * (100 + i))
          const { change, p } = trendOfMedians(line)
          expect(change).toBeCloseTo((n - 1) / (100 + (n - 1) / 2), 6)
          expect(p).toBeLessThan(0.01)
        },
      ),
    )
  })
})

describe('settledFrom', () => {
  it.each<[string, number[], number | undefined]>([
    ['a flat line', [100, 101, 99, 100, 102, 98, 100, 101], 0],
    ['one slow first slice', [400, 101, 99, 100, 102, 98, 100, 101], 1],
    ['three slow first slices', [400, 300, 200, 100, 102, 98, 100, 101, 99, 100], 3],
    ['a climb to the end', [100, 140, 180, 220, 260, 300, 340, 380, 420, 460], undefined],
    ['a climb of no weight', [100, 101, 102, 103, 104, 105, 106, 107, 108, 109], 0],
    ['all the same', Array(8).fill(50), 0],
  ])('%s', (_, medians, expected) => {
    expect(settledFrom(medians)).toBe(expected)
  })

  it('rarely alarms on noise alone', () => {
    const noise = gaussian(7)
    let alarms = 0
    for (let run = 0; run < 500; run++) {
      const medians = Array.from({ length: 10 }, () => 100 + 5 * noise())
      if (settledFrom(medians) !== 0) alarms++
    }
    // 5 % noise a slice; the level stated is 1 % a test.
    expect(alarms).toBeLessThanOrEqual(25)
  })

  it('finds a slow start in noise', () => {
    const noise = gaussian(11)
    let found = 0
    for (let run = 0; run < 200; run++) {
      const medians = Array.from({ length: 10 }, (_, i) => (i < 2 ? 200 : 100) + 3 * noise())
      if (settledFrom(medians) === 2) found++
    }
    expect(found).toBeGreaterThan(150)
  })
})

describe('the report of a run that starts slowly', () => {
  it('says which WARMUP would do', () => {
    const { steadiness } = report('cold')
    expect(steadiness.map((s) => [s.subject, s.status, s.moving])).toEqual([
      ['TTFT', 'not_steady', 2],
      ['TPOT', 'steady', 0],
    ])
    expect(steadiness[0]?.advice).toContain('WARMUP=6s')
  })
  it('judges the share of cached input too', () => {
    const cached = report('closed').steadiness.find((s) => s.subject === 'cached share')
    expect(cached).toMatchObject({ status: 'not_steady', moving: 4 })
  })
  it('does not judge a spike or a recovery', () => {
    expect(new Set(report('spike').steadiness.map((s) => s.phase))).toEqual(new Set(['baseline']))
  })
})
