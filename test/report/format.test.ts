import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  NONE,
  besides,
  count,
  duration,
  num,
  percent,
  plain,
  signedPercent,
} from '../../lib/tables/index.ts'

describe('numbers', () => {
  it.each([
    [num(null), NONE],
    [num(undefined), NONE],
    [num(Number.NaN), NONE],
    [num(0), '0.00'],
    [num(-0.001), '0.00'],
    [num(9.994), '9.99'],
    [num(9.996), '10.0'],
    [num(99.96), '100'],
    [num(1234.5), '1,235'],
    [num(1234567), '1,234,567'],
    [count(1000), '1,000'],
    [count(1.5), '1.5'],
    [percent(0), '0 %'],
    [percent(1), '100 %'],
    [percent(0.99999), '> 99.99 %'],
    [percent(0.00001), '< 0.01 %'],
    [percent(0.0312), '3.12 %'],
    [signedPercent(2.9126), '+291 %'],
    [signedPercent(-0.05), '-5 %'],
    [plain(12000.5), '12,000.5'],
    [plain(800), '800'],
    [duration(450), '450ms'],
    [duration(4000), '4s'],
    [duration(90_500), '1m30.5s'],
    [duration(3_600_000), '1h'],
    [duration(59_999), '1m'],
    [duration(null), NONE],
    [besides(800.3, 800), '800.3'],
    [besides(800.004, 800), '800.004'],
    [besides(800, 800), '800'],
    [besides(1200, 800), '1,200'],
  ])('%s', (got, expected) => {
    expect(got).toBe(expected)
  })

  it('never read as their limit when they are not', () => {
    const value = fc.double({ min: 0.01, max: 1e5, noNaN: true })
    fc.assert(
      fc.property(value, fc.double({ min: -1e-3, max: 1e-3, noNaN: true }), (limit, off) => {
        const v = limit + off
        fc.pre(Math.abs(v - limit) > 1e-6)
        expect(besides(v, limit)).not.toBe(num(limit))
      }),
    )
  })
})
