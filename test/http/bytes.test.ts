import { TextDecoder, TextEncoder } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeUtf8, encodeUtf8, utf8Length } from '../../lib/http/index.ts'

const latin1 = (bytes: Uint8Array | number[]) => String.fromCharCode(...bytes)

test('property: decodes as TextDecoder does, valid or not', () => {
  const oracle = new TextDecoder('utf-8', { ignoreBOM: true })
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          0x41,
          0x80,
          0xa0,
          0xbf,
          0xc1,
          0xc3,
          0xe0,
          0xe2,
          0xed,
          0xef,
          0xf0,
          0xf4,
          0xf5,
          0xff,
        ),
        { maxLength: 12 },
      )
      .map((list) => Uint8Array.from(list)),
  )
  fc.assert(
    fc.property(bytes, (list) => {
      expect(decodeUtf8(latin1(list))).toBe(oracle.decode(list))
    }),
    { numRuns: 2000 },
  )
})

test('property: encodes as TextEncoder does, lone surrogates too', () => {
  const oracle = new TextEncoder()
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('a', 'é', '中', '😀', '\ud83d', '\ude00'))
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(text, (value) => {
      expect(encodeUtf8(value)).toBe(latin1(oracle.encode(value)))
      expect(utf8Length(value)).toBe(oracle.encode(value).length)
    }),
  )
})

test('texts too long for a regular expression are measured and decoded alike', () => {
  const plain = 'x'.repeat(5000)
  for (const last of ['', 'é', '中', '😀', '\ud83d']) {
    const text = plain + last
    const bytes = plain + latin1(new TextEncoder().encode(last))
    expect(utf8Length(text)).toBe(bytes.length)
    expect(encodeUtf8(text)).toBe(bytes)
    expect(decodeUtf8(bytes)).toBe(plain + (last === '\ud83d' ? '\ufffd' : last))
  }
})

test('a byte string of ASCII is its own text', () => {
  expect(decodeUtf8('plain')).toBe('plain')
  expect(encodeUtf8('plain')).toBe('plain')
})
