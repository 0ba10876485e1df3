import { describe, expect, it } from 'vitest'

import type { LengthSpec } from '../../lib/config/index.ts'
import { drawLength, mix32, randomOf, weighted } from '../../lib/workload/index.ts'

const COUNT = 40_000

/** Chi-square over 64 equal bins; 63 degrees of freedom: above 120 has a chance of about 1e-5. */
const chiSquare = (values: readonly number[], bins = 64) => {
  const counts = new Array<number>(bins).fill(0)
  for (const v of values) counts[Math.floor(v * bins)]!++
  const expected = values.length / bins
  return counts.reduce((sum, c) => sum + (c - expected) ** 2 / expected, 0)
}

const correlation = (a: readonly number[], b: readonly number[]) => {
  const mean = (x: readonly number[]) => x.reduce((s, v) => s + v, 0) / x.length
  const [ma, mb] = [mean(a), mean(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (const [i, x] of a.entries()) {
    const y = b[i]!
    ab += (x - ma) * (y - mb)
    aa += (x - ma) ** 2
    bb += (y - mb) ** 2
  }
  return ab / Math.sqrt(aa * bb)
}

const firstOf = (seed: number, stream = 0, skip = 0) =>
  Array.from({ length: COUNT }, (_, n) => {
    const random = randomOf(seed, n, stream)
    for (let i = 0; i < skip; i++) random()
    return random()
  })

describe('randomOf', () => {
  it.each([0, 1, 2, 42, 4_294_967_295, 2 ** 40, 0.5, -3])(
    'is uniform over requests, seed %d',
    (seed) => {
      expect(chiSquare(firstOf(seed))).toBeLessThan(120)
      expect(chiSquare(firstOf(seed, 1, 1))).toBeLessThan(120)
    },
  )

  it('has nothing in common between neighbours, seeds, streams and draws', () => {
    const base = firstOf(1)
    // The standard error of a correlation of 40,000 pairs is 0.005.
    const others = { seed: firstOf(2), stream: firstOf(1, 1), draw: firstOf(1, 0, 1) }
    for (const other of Object.values(others))
      expect(Math.abs(correlation(base, other))).toBeLessThan(0.025)
    for (const lag of [1, 2, 3, 64, 256])
      expect(Math.abs(correlation(base.slice(lag), base.slice(0, -lag)))).toBeLessThan(0.025)
  })

  it('fills the square of neighbours evenly', () => {
    const values = firstOf(5)
    const pairs = values.slice(1).map((v, i) => (Math.floor(v * 8) * 8 + values[i]! * 8) / 64)
    expect(chiSquare(pairs)).toBeLessThan(120)
  })

  it('tells indices beyond 32 bits apart', () => {
    expect(randomOf(1, 7)()).not.toBe(randomOf(1, 7 + 2 ** 32)())
  })

  it('gives the same numbers on every machine', () => {
    const random = randomOf(42, 1000, 1)
    expect([random(), random()]).toMatchInlineSnapshot(`
      [
        0.025477897832699603,
        0.7670827016753623,
      ]
    `)
    expect(mix32(1)).toBe(0x514e28b7)
  })
})

const draws = (spec: LengthSpec) =>
  Array.from({ length: COUNT }, (_, n) => drawLength(spec, randomOf(3, n, 1)))
const mean = (x: readonly number[]) => x.reduce((s, v) => s + v, 0) / x.length
const quantile = (x: readonly number[], p: number) =>
  [...x].sort((a, b) => a - b)[Math.floor(p * x.length)]!

describe('drawLength', () => {
  it('constant', () => {
    expect(new Set(draws({ kind: 'constant', value: 128 }))).toEqual(new Set([128]))
  })

  it('uniform: whole numbers, both limits included, equally likely', () => {
    const x = draws({ kind: 'uniform', min: 10, max: 13 })
    for (const value of [10, 11, 12, 13])
      expect(x.filter((v) => v === value).length / COUNT).toBeCloseTo(0.25, 1.7)
    expect(new Set(x).size).toBe(4)
  })

  it('normal: mean and deviation, nothing heaped at the limits', () => {
    const x = draws({ kind: 'normal', mean: 500, sd: 100, min: 300, max: 700 })
    expect(Math.abs(mean(x) - 500)).toBeLessThan(3)
    // A normal distribution cut at two deviations has 0.880 of the deviation.
    expect(Math.abs(Math.sqrt(mean(x.map((v) => (v - 500) ** 2))) - 88)).toBeLessThan(2)
    expect(x.filter((v) => v === 300 || v === 700).length / COUNT).toBeLessThan(0.003)
  })

  it('log-normal: median and spread', () => {
    const x = draws({ kind: 'lognormal', median: 200, sigma: 0.8, min: 1, max: 100_000 })
    expect(quantile(x, 0.5) / 200).toBeCloseTo(1, 1.2)
    // The 84.13th percentile is one sigma up.
    expect(quantile(x, 0.8413) / (200 * Math.exp(0.8))).toBeCloseTo(1, 1.2)
  })

  it('cuts where the limits are out of reach', () => {
    expect(new Set(draws({ kind: 'normal', mean: 0, sd: 1, min: 50, max: 60 }))).toEqual(
      new Set([50]),
    )
  })

  it('empirical: values by their weights', () => {
    const x = draws({ kind: 'empirical', values: [1, 10, 100], weights: [1, 2, 7] })
    expect(x.filter((v) => v === 100).length / COUNT).toBeCloseTo(0.7, 1.7)
    expect(x.filter((v) => v === 1).length / COUNT).toBeCloseTo(0.1, 1.7)
  })
})

describe('weighted', () => {
  it('never picks a weight of 0 and fails on an empty list', () => {
    for (const u of [0, 0.5, 0.999999]) expect(weighted(['a', 'b'], [0, 1], () => u)).toBe('b')
    expect(() => weighted([], [], () => 0)).toThrow('empty')
  })
})
