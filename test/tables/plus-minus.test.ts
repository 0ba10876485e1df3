import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromTo, plusMinus, plusMinusPercent } from '../../lib/tables/index.ts'

describe('a figure with its interval', () => {
  it.each([
    [812, { low: 772, high: 840 }, '812 ±40'],
    [35.84, { low: 35, high: 36.2 }, '35.8 ±0.8'],
    [2.5, { low: 0, high: 15.001 }, '2.50 ±12.51'],
    [12_345, { low: 1000, high: 13_000 }, '12,345 ±11,345'],
    [812, { low: 772, high: null }, '812 ±–'],
    [812, null, '812 ±–'],
    [812, undefined, '812'],
    [null, { low: 1, high: 2 }, '–'],
  ])('%s in %j reads %s', (value, within, text) => {
    expect(plusMinus(value, within)).toBe(text)
  })

  it.each([
    [0, { low: 0, high: 0.0118 }, '0 ±1.2 %'],
    [0.3045, { low: 0.25, high: 0.36 }, '30.45 ±5.6 %'],
    [1, { low: 0.9, high: 1 }, '100 ±10 %'],
    [0.001, { low: 0.0009, high: 0.00101 }, '0.1 ±0.01 %'],
    [0.1, null, '10 ±– %'],
    [0.1, undefined, '10 %'],
    [null, null, '–'],
  ])('a share of %s in %j reads %s', (share, within, text) => {
    expect(plusMinusPercent(share, within)).toBe(text)
  })

  it('never reads as narrower than it is', () => {
    const ms = fc.double({ min: 0, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(ms, ms, ms, (a, b, c) => {
        const [low, value, high] = [a, b, c].sort((x, y) => x - y) as [number, number, number]
        const [shown, half] = plusMinus(value, { low, high })
          .split(' ±')
          .map((text) => Number(text.replace(/,/g, ''))) as [number, number]
        expect(shown - half).toBeLessThanOrEqual(low + 1e-5)
        expect(shown + half).toBeGreaterThanOrEqual(high - 1e-5)
      }),
    )
  })

  it('of which one end is known says which', () => {
    expect(fromTo({ low: 1, high: 2 })).toBe('1.00 to 2.00')
    expect(fromTo({ low: 1, high: null })).toBe('from 1.00')
    expect(fromTo({ low: null, high: 2 })).toBe('up to 2.00')
    expect(fromTo(null)).toBe('–')
  })
})
