import { expect, it } from 'vitest'
import { wilsonEstimate } from '../../lib/statistics/index.ts'

// Wilson's formula, computed apart with z = 1.959964.
it.each([
  [0, 10, 0, 0.277533],
  [10, 10, 0.722467, 1],
  [5, 10, 0.236593, 0.763407],
  [389, 400, 0.951435, 0.984576],
  [1, 500, 0.000353, 0.011241],
])('%d of %d: %d to %d', (hits, samples, low, high) => {
  const found = wilsonEstimate(hits, samples)
  expect(found).toMatchObject({ value: hits / samples, samples, confidence: 0.95 })
  expect(found.low).toBeCloseTo(low, 5)
  expect(found.high).toBeCloseTo(high, 5)
})

it('has no value without samples', () => {
  expect(wilsonEstimate(0, 0)).toMatchObject({ value: undefined, low: undefined, samples: 0 })
})

it('widens with confidence', () => {
  const [usual, strict] = [wilsonEstimate(50, 100), wilsonEstimate(50, 100, 0.99)]
  expect(strict.low!).toBeLessThan(usual.low!)
})
