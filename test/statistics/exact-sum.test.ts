import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSum } from '../../lib/statistics/index.ts'

function sumOf(values: readonly number[]): number {
  const sum = createSum()
  for (const value of values) sum.add(value)
  return sum.value()
}

/** The exact value of a double as a fraction over 2^1074. */
function exact(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const raw = bits.getBigUint64(0)
  const exponent = Number((raw >> 52n) & 0x7ffn)
  const fraction = raw & ((1n << 52n) - 1n)
  const size = exponent === 0 ? fraction : (fraction | (1n << 52n)) << BigInt(exponent - 1)
  return raw >> 63n === 1n ? -size : size
}

describe('an exact sum', () => {
  it.each<[number[], number]>([
    [[], 0],
    [[1e100, 1, -1e100], 1],
    [[1e16, 1, 1, -1e16], 2],
    [[1, 2 ** -53, 2 ** -106], 1 + 2 ** -52],
    [Array.from({ length: 10 }, () => 0.1), 1],
  ])('of %j is %d', (values, wanted) => {
    expect(sumOf(values)).toBeCloseTo(wanted, 15)
  })

  it('is the double nearest to the true sum, in whatever order', () => {
    const value = fc.double({ min: -1e9, max: 1e9, noNaN: true })
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 60 }),
        fc.infiniteStream(fc.nat()),
        (values, keys) => {
          const sum = sumOf(values)
          const shuffled = values
            .map((one) => ({ one, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one)
          expect(Object.is(sumOf(shuffled) + 0, sum + 0)).toBe(true)
          const all = values.reduce((total, one) => total + exact(one), 0n)
          const off = (candidate: number) => {
            const error = exact(candidate) - all
            return error < 0n ? -error : error
          }
          const step = Math.max(Math.abs(sum) * 2 ** -52, 2 ** -1074)
          expect(off(sum) <= off(sum + step)).toBe(true)
          expect(off(sum) <= off(sum - step)).toBe(true)
        },
      ),
    )
  })
})
