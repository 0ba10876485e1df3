import { expect, test } from 'vitest'
import { repeatsText } from '../../cli/run/repeats.ts'
import { betweenRuns } from '../../lib/compare/index.ts'
import { chiSquareQuantile } from '../../lib/statistics/index.ts'
import { virtualRun } from '../../scripts/virtual/index.ts'

const FIGURES = ['ttft_p50', 'error_share']

/** Repeats of one run, each on a server that is so much slower. */
function repeats(slower: readonly number[]) {
  return slower.map(
    (by, i) =>
      virtualRun({
        name: `repeat ${i}`,
        ratePerS: 10,
        warmupMs: 10_000,
        measuredMs: 90_000,
        trafficSeed: 20 + i,
        serverSeed: 40 + i,
        slower: by,
      }).report,
  )
}

test('repeats on one server differ by what chance within them explains', () => {
  const reports = repeats([1, 1, 1, 1])
  for (const one of betweenRuns(reports, FIGURES)) {
    expect(one, one.id).toMatchObject({ runs: 4, apart: false })
    expect(one.within ?? 0, one.id).toBeGreaterThan(0)
  }
  expect(repeatsText(reports)).toMatch(/4 runs +mean +between runs +within a run/)
  expect(repeatsText(reports)).toContain('no more than chance within them explains')
})

test('repeats on servers of other speeds are apart, and that is said', () => {
  const reports = repeats([1, 1.5, 0.7, 1.3])
  const apart = betweenRuns(reports, FIGURES).filter((one) => one.apart)
  expect(apart.map(({ id }) => id)).toEqual(['ttft_p50'])
  // The standard deviation of the speeds' logarithms.
  expect(apart[0]?.between).toBeGreaterThan(0.2)
  expect(repeatsText(reports)).toMatch(/the runs differ in .*TTFT p50.* by more than chance/)
})

test('two runs tell too little', () => {
  expect(repeatsText(repeats([1, 1]))).toBe('')
})

// Tables of the chi-squared distribution.
test.each([
  [0.99, 1, 6.635],
  [0.99, 2, 9.21],
  [0.99, 4, 13.277],
  [0.95, 9, 16.919],
])('quantile %d of chi-squared with %d degrees of freedom', (p, df, value) => {
  expect(chiSquareQuantile(p, df) / value).toBeCloseTo(1, 1)
  expect(Math.abs(chiSquareQuantile(p, df) / value - 1)).toBeLessThan(df === 1 ? 0.04 : 0.011)
})
