import { expect, it } from 'vitest'
import { shareDifference } from '../../lib/statistics/index.ts'

// Newcombe 1998, table II, method 10: 56/70 against 48/80, 9/10 against 3/10, 6/7 against 2/7, 5/56 against 0/29,
// 0/10 against 0/20, 10/10 against 0/20.
it.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [10, 10, 0, 20, 0.6791, 1],
])('of %d in %d and %d in %d lies where Newcombe has it', (a, m, b, n, low, high) => {
  const found = shareDifference({ hits: a, samples: m }, { hits: b, samples: n })
  expect(found.value).toBeCloseTo(a / m - b / n, 12)
  expect(found.low).toBeCloseTo(low, 3)
  expect(found.high).toBeCloseTo(high, 3)
  const turned = shareDifference({ hits: b, samples: n }, { hits: a, samples: m })
  expect(turned.low).toBeCloseTo(-high, 3)
})

it('has no value where one side has no sample', () => {
  expect(shareDifference({ hits: 1, samples: 2 }, { hits: 0, samples: 0 }).value).toBeUndefined()
})
