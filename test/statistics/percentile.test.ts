import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ascending, percentile, percentileOf } from '../../lib/statistics/index.ts'

test.each([
  [[], 0.5, undefined],
  [[7], 0.99, 7],
  [[4, 1, 3, 2], 0.5, 2.5],
  [[1, 2, 3, 4, 5], 0.9, 4.6],
  [[10, 9, 100], 0, 9],
  [[10, 9, 100], 1, 100],
])('the percentile of %j at %d is k6’s: %s', (values, p, expected) => {
  expect(percentile(values, p)).toEqual(
    expected === undefined ? undefined : expect.closeTo(expected, 12),
  )
})

test('of sorted values is the same', () => {
  const values = fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }))
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (given, p) => {
      expect(percentileOf(ascending(given), p)).toBe(percentile(given, p))
    }),
  )
})
