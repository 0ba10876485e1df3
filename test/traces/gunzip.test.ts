import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gunzip } from '../../lib/traces/index.ts'

describe('gunzip', () => {
  const text = Array.from({ length: 50_000 }, (_, i) => `${i},größe`).join('\n')

  it('gives what zlib packed, in one member or several', () => {
    const one = gzipSync(text)
    expect(new TextDecoder().decode(gunzip(one))).toBe(text)
    const two = gunzip(Buffer.concat([one, gzipSync('end')]))
    expect(new TextDecoder().decode(two)).toBe(`${text}end`)
  })

  it.each([
    ['a file that is none', Buffer.from('timestamp'), /not a gzip file/],
    ['a file that is cut short', gzipSync(text).subarray(0, 5000), /end|EOF/i],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => gunzip(bytes)).toThrow(message)
  })
})
