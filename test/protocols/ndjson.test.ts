import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNdjsonScanner } from '../../lib/protocols/ndjson.ts'
import { cutAt } from '../support/splits.ts'

function scan(pieces: readonly string[]): string[] {
  const lines: string[] = []
  const scanner = createNdjsonScanner({
    onFrame: (text, from, to) => void lines.push(text.slice(from, to)),
    onOverflow: () => lines.push('overflow'),
  })
  for (const piece of pieces) scanner.feed(`x\n${piece}\r\n`, 2, 2 + piece.length, 1)
  scanner.end()
  return lines
}

test('property: the lines that are not blank, whatever runs of blank ones and cuts are between', () => {
  const lineEnds = fc.constantFrom('\n', '\r\n', '\n'.repeat(300), '\r\n'.repeat(300), '\n\r\n')
  const lines = fc.array(fc.tuple(fc.constantFrom('{"a":1}', '{}', ''), lineEnds), { maxLength: 8 })
  fc.assert(
    fc.property(lines, fc.array(fc.nat(2000), { maxLength: 4 }), (parts, cuts) => {
      const text = `${parts.map((part) => part.join('')).join('')}{"last":true}`
      const expected = text.split(/\r?\n/).filter((line) => line !== '')
      expect(scan(cutAt(text, cuts))).toEqual(expected)
    }),
    { numRuns: 1000 },
  )
})
