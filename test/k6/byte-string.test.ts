import { describe, expect, it } from 'vitest'
import { createByteString } from '../../lib/k6/byte-string.ts'

/** Like the official module's data in k6: an array of numbers that a TextDecoder accepts. */
const given = (bytes: readonly number[]) => Uint8Array.from(bytes)
const exactly = (bytes: readonly number[]) => bytes.map((b) => String.fromCharCode(b)).join('')
const utf8 = (text: string) => [...Buffer.from(text)]

describe('createByteString', () => {
  it.each([
    ['nothing', []],
    ['ASCII', utf8('data: {"x":1}\n\n')],
    ['text of every length in UTF-8', utf8('aé漢😀\u0000\u007f')],
    ['a byte order mark', utf8('\ufeffdata: é')],
    ['only a byte order mark', utf8('\ufeff')],
    ['U+FFFD itself', utf8('a\ufffdb')],
    ['a character cut at the end', utf8('é漢').slice(0, -1)],
    ['a character cut at the beginning', utf8('漢é').slice(1)],
    ['every byte', Array.from({ length: 256 }, (_, i) => i)],
    ['a surrogate written as UTF-8', [0xed, 0xa0, 0x80]],
    ['an overlong form', [0xc0, 0xaf]],
    ['more than one piece', [...utf8('é'.repeat(9000)), 0xff]],
  ])('gives one character per byte: %s', (_, bytes) => {
    expect(createByteString()(given(bytes))).toBe(exactly(bytes))
  })
})
