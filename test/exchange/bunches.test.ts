import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bunchesOf, TOGETHER_MS } from '../../lib/exchange/bunches.ts'

/** Times of chunks `tpotMs` apart, each held until `size` of them are there. */
function held(chunks: number, size: number, tpotMs: number): number[] {
  const last = chunks - 1
  return Array.from({ length: chunks }, (_, i) => {
    const until = Math.min(last, i - (i % size) + size - 1)
    return 100 + until * tpotMs
  })
}

const even = (chunks: number, tpotMs: number, ttftMs = 100) =>
  Array.from({ length: chunks }, (_, i) => ttftMs + i * tpotMs)

describe('bunches', () => {
  it('are the same where the number of gaps is known', () => {
    const gaps = fc.array(
      fc.oneof(fc.constantFrom(0, 0.05, 1, 1.001), fc.double({ min: 0, max: 30, noNaN: true })),
      { minLength: 7, maxLength: 40 },
    )
    fc.assert(
      fc.property(gaps, (given) => {
        let at = 100
        const times = [at, ...given.map((gap) => (at += gap))]
        const apart = times.slice(1).filter((ms, k) => ms - times[k]! > TOGETHER_MS).length
        expect(bunchesOf(times, 0, apart)).toEqual(bunchesOf(times, 0))
      }),
    )
  })

  it.each([
    ['behind a buffer of 8 chunks', held(64, 8, 10), { bunches: 8, first: 8 }],
    ['in threes', held(60, 3, 10), { bunches: 20, first: 3 }],
    ['all at once after 100 ms', even(32, 0), { bunches: 1, first: 32 }],
    [
      'of which each is read in pieces',
      held(64, 16, 10).map((at, i) => at + (i % 16) * 0.05),
      { bunches: 4, first: 16 },
    ],
    [
      'after a first token that came alone',
      [100, ...held(32, 4, 10).map((at) => at + 10)],
      { bunches: 9, first: 1 },
    ],
  ])('%s are found', (_, times, found) => {
    expect(bunchesOf(times, 0)).toEqual(found)
  })

  it.each([
    ['a token at a time', even(64, 10)],
    ['pairs that a late reader picks up', held(64, 2, 10)],
    ['an engine of 1 ms per token', even(200, 1)],
    ['an engine of 0.3 ms per token, with a pause', [...even(100, 0.3), ...even(100, 0.3, 160)]],
    ['1.5 ms per token, read in pairs and threes', even(120, 1.5).map((at) => at - (at % 4.5))],
    ['seven chunks at once', even(7, 0)],
    ['a burst at the start of an even stream', [...even(10, 0), ...even(40, 10, 110)]],
  ])('%s are none', (_, times) => {
    expect(bunchesOf(times, 0)).toBeUndefined()
  })

  it('of any size hold the first token, and TPOT from the first of them on is right', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 40 }),
        fc.integer({ min: 2, max: 10 }),
        fc.integer({ min: 5, max: 50 }),
        (size, bunches, tpotMs) => {
          const times = held(size * bunches, size, tpotMs)
          const found = bunchesOf(times, 0)
          if (size * bunches < 8) return
          expect(found).toEqual({ bunches, first: size })
          const span = times[times.length - 1]! - times[0]!
          expect(span / (times.length - found!.first)).toBeCloseTo(tpotMs)
        },
      ),
    )
  })
})
