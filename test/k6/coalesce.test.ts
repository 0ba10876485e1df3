import { describe, expect, test } from 'vitest'
import { COALESCE_MS, handOverAt } from '../../lib/k6/coalesce.ts'

describe('when reads were to be handed over', () => {
  const begun = 1000
  const latest = begun + COALESCE_MS
  const early = latest - COALESCE_MS / 10
  const reads = (...atMs: number[]) => atMs.flatMap((ms, i) => [i * 100, ms])

  test.each([
    ['one read: when the wait is over', reads(begun), false, latest],
    ['several, none in its last tenth', reads(begun, begun + 10, early - 1), false, latest],
    [
      'with the first read in the last tenth',
      reads(begun, begun + 10, early + 3),
      false,
      early + 3,
    ],
    [
      'not with a later one, which a busy VU let pile up',
      reads(begun, early + 3, early + 9, latest + 90),
      false,
      early + 3,
    ],
    [
      'nor when that came after the wait was over',
      reads(begun, latest + 50, latest + 90),
      false,
      latest,
    ],
    ['a whole answer: with its last read', reads(begun, begun + 10, begun + 20), true, begun + 20],
    ['a whole answer of one read', reads(begun), true, begun],
    ['a whole answer that was due before', reads(begun, early + 3, latest + 90), true, early + 3],
  ] as const)('%s', (_, stamps, whole, at) => {
    expect(handOverAt(stamps, whole)).toBe(at)
  })
})
