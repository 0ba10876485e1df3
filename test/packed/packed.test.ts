import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  intsReader,
  isPackedTable,
  listsReader,
  packInts,
  packLists,
  packTable,
  tableReader,
} from '../../lib/packed/index.ts'

const whole = fc.integer({ min: -(2 ** 45), max: 2 ** 45 })

describe('packed columns', () => {
  it('give back any whole numbers at any index', () => {
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1, maxLength: 50 }), (values) => {
        const read = intsReader(packInts(values))
        expect(values.map((_, i) => read(i))).toEqual(values)
      }),
    )
  })

  it('take no digits for equal values', () => {
    expect(packInts([7, 7, 7])).toBe('7.0.')
    expect(intsReader('7.0.')(2)).toBe(7)
  })

  it('refuse what is not a whole number', () => {
    expect(() => packInts([1, 2.5])).toThrow('not a whole number: 2.5 at 1')
    expect(() => packInts([NaN])).toThrow('not a whole number')
    expect(() => intsReader('')).toThrow('not a packed column')
  })

  it('give back any lists, empty ones too', () => {
    const lists = fc.array(fc.array(fc.nat(1e9), { maxLength: 6 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(lists, fc.nat(19), (all, cut) => {
        const ends: number[] = []
        for (const list of all) ends.push((ends.at(-1) ?? 0) + list.length)
        const from = Math.min(cut, all.length - 1)
        const read = listsReader(packLists({ ends, values: all.flat() }, from, all.length))
        expect(all.slice(from).map((_, i) => read(i))).toEqual(all.slice(from))
      }),
    )
  })
})

describe('a packed table', () => {
  const rows = 5000
  const numbers = Float64Array.from({ length: rows }, (_, i) => i * 1_234_567)
  const texts = Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? '' : `"é"\n${i}`))
  const elements = packTable(
    rows,
    [
      { name: 'n', kind: 'int', values: numbers },
      { name: 't', kind: 'text', values: texts },
    ],
    { about: 'test' },
  )

  it('is read over the bounds of chunks, in any order, after a way through JSON', () => {
    const table = tableReader(JSON.parse(JSON.stringify(elements)) as string[])
    const n = table.ints('n')
    const t = table.texts('t')
    for (const row of [4999, 0, 2047, 2048, 4095, 4096, 7, 8]) {
      expect(n?.(row)).toBe(numbers[row])
      expect(t?.(row)).toBe(texts[row])
    }
    expect(table.meta.notes).toEqual({ about: 'test' })
    expect(table.ints('t')).toBeUndefined()
    expect(() => n?.(rows)).toThrow('row 5000 of n: the table has rows 0 to 4999')
    expect(() => n?.(NaN)).toThrow('row NaN')
  })

  it('has no line breaks in its elements, so that a file of lines holds it', () => {
    expect(elements.filter((element) => /[\n\r]/.test(element))).toEqual([])
    expect(isPackedTable(elements.join('\n').slice(0, 100))).toBe(true)
  })

  it('is refused when cut short, of another version, or something else', () => {
    expect(() => tableReader(elements.slice(0, -1))).toThrow('cut short')
    const other = [(elements[0] as string).replace('inference/1', 'inference/2')]
    expect(() => tableReader(other)).toThrow('another version')
    expect(() => tableReader([])).toThrow('not a packed table')
    expect(() => tableReader(['{"packed":"k6-inference/1"'])).toThrow()
  })
})
