import { expect, it } from 'vitest'
import { peakRate, replicasFor } from '../../lib/capacity/index.ts'

it('has enough replicas for the peak when one is lost', () => {
  expect(replicasFor(100, 9)).toMatchObject({ replicas: 13, losses: 1 })
  expect(replicasFor(90, 9).replicas).toBe(11)
  expect(replicasFor(0.6, 0.2, 0).replicas).toBe(3)
  expect(replicasFor(0.1, 9).replicas).toBe(2)
  const found = replicasFor(100, 9)
  expect(found.utilisation).toBeCloseTo(100 / (13 * 9), 12)
  expect(found.utilisationAfterLoss).toBeCloseTo(100 / (12 * 9), 12)
  expect(found.utilisationAfterLoss).toBeLessThanOrEqual(1)
  expect(() => replicasFor(0, -1, 0.5)).toThrow(/peak is 0[^]*capacity is -1[^]*0.5 losses/)
})

it('finds the busiest stretch of a trace, wherever it begins', () => {
  expect(peakRate([0, 900, 1000, 1100, 1899, 5000], 1000)).toBe(4)
  expect(peakRate([5000, 0], 10_000)).toBe(0.2)
  expect(peakRate([], 1000)).toBe(0)
  // Exactly a window apart is not in one window.
  expect(peakRate([0, 1000], 1000)).toBe(1)
})
