import { describe, expect, it } from 'vitest'
import { leaves, pickEndpoint } from '../../lib/load/index.ts'
import type { WeightedEndpoint } from '../../lib/config/index.ts'

const numbers = Array.from({ length: 10_000 }, (_, n) => n)

describe('users who leave', () => {
  it.each([0, 0.01, 0.05, 0.5, 1])('are a share of %s of any stretch of the run', (share) => {
    for (const from of [0, 1234, 1 << 24]) {
      const left = numbers.filter((n) => leaves(share, 7, from + n))
      expect(Math.abs(left.length - share * numbers.length)).toBeLessThanOrEqual(3)
    }
  })

  it('are the same for a seed, others for another, and differ by turn', () => {
    const of = (seed: number, turn = 0) => numbers.map((n) => leaves(0.3, seed, n, turn))
    expect(of(1)).toEqual(of(1))
    expect(of(1)).not.toEqual(of(2))
    expect(of(1, 1)).not.toEqual(of(1, 2))
  })

  it('are spread over endpoints as all others', () => {
    const endpoints = ['a', 'b'].map((name) => ({ name, weight: 1 }) as WeightedEndpoint)
    const left = numbers.filter((n) => leaves(0.1, 3, n))
    const ofA = left.filter((n) => pickEndpoint(endpoints, 3, n).name === 'a')
    expect(ofA.length / left.length).toBeCloseTo(0.5, 1)
  })
})
