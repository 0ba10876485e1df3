import { describe, expect, test } from 'vitest'
import type { ExchangeResult } from '../../lib/exchange/index.ts'
import { COALESCE_MS, handOverAt, heldBackMs } from '../../lib/k6/coalesce.ts'

describe('when reads were to be handed over', () => {
  const begun = 1000
  const latest = begun + COALESCE_MS
  const early = latest - COALESCE_MS / 10
  const reads = (...atMs: number[]) => atMs.flatMap((ms, i) => [i * 100, ms])

  test.each([
    ['one read: when the wait is over', reads(begun), latest],
    ['several, none in its last tenth', reads(begun, begun + 10, early - 1), latest],
    ['with the first read in the last tenth', reads(begun, begun + 10, early + 3), early + 3],
    [
      'not with a later one, which a busy VU let pile up',
      reads(begun, early + 3, early + 9, latest + 90),
      early + 3,
    ],
    ['nor when that came after the wait was over', reads(begun, latest + 50, latest + 90), latest],
  ] as const)('%s', (_, stamps, at) => {
    expect(handOverAt(stamps, COALESCE_MS)).toBe(at)
  })
})

describe('how long an answer was held back', () => {
  const result = (given: object, marks: object = {}) =>
    ({
      clock: 'socket',
      outcome: 'completed',
      marks: { headersMs: 1000, endMs: 1020, ...marks },
      ...given,
    }) as unknown as ExchangeResult

  test.each([
    ['from its last byte', result({}), 1500, 480],
    ['an error too', result({ outcome: 'http_error' }), 1500, 480],
    ['never below zero', result({}), 1019.9, 0],
    ['not known by a handler’s clock', result({ clock: 'handler' }), 1500, undefined],
    ['nothing where no answer came', result({}, { headersMs: undefined }), 1500, undefined],
    ['nothing where it never ended', result({ outcome: 'timeout' }), 1500, undefined],
  ] as const)('%s', (_, given, nowMs, held) => {
    expect(heldBackMs(given, nowMs)).toBe(held)
  })
})
