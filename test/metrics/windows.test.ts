import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  flightByWindow,
  gapSampling,
  nextGap,
  tokensByWindow,
  windowAt,
  windowsOf,
} from '../../lib/metrics/index.ts'
import { percentile } from '../../lib/statistics/index.ts'
import { request } from './fixtures.ts'

const phases = fc
  .array(fc.record({ length: fc.integer({ min: 0, max: 600_000 }), measured: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  })
  .map((list) => {
    let at = 0
    return list.map(({ length, measured }, i) => {
      const startMs = at
      at += length
      return { name: `p${i}`, startMs, endMs: at, measured }
    })
  })

describe('windowsOf', () => {
  it('covers the plan without a hole, in few slices of at least two seconds where that can be', () => {
    fc.assert(
      fc.property(phases, fc.integer({ min: 0, max: 100_000 }), (list, origin) => {
        const windows = windowsOf(list, origin)
        let at = origin
        for (const window of windows) {
          expect(window.startMs).toBeCloseTo(at, 6)
          expect(window.endMs).toBeGreaterThan(window.startMs)
          at = window.endMs
          expect(window.slice !== undefined).toBe(window.measured)
        }
        if (windows.length > 0) expect(at).toBe(origin + (list[list.length - 1]?.endMs ?? 0))
        const slices = windows.flatMap((w) => w.slice ?? [])
        expect(new Set(slices).size).toBe(slices.length)
        expect(slices.length).toBeLessThanOrEqual(48)
        for (const phase of list.filter((p) => p.measured)) {
          const own = windows.filter((w) => w.phase === phase.name)
          if (own.length > 1) {
            for (const w of own) expect(w.endMs - w.startMs).toBeGreaterThanOrEqual(1999.999)
          }
        }
      }),
    )
  })

  it('finds the window of a time, start inclusive, end exclusive', () => {
    const windows = windowsOf([
      { name: 'warmup', startMs: 0, endMs: 1000, measured: false },
      { name: 'steady', startMs: 1000, endMs: 5000, measured: true },
    ])
    expect(
      [-1, 0, 999.9, 1000, 2999, 3000, 4999.9, 5000].map(
        (t) => windowAt(windows, t)?.slice ?? windowAt(windows, t)?.phase,
      ),
    ).toEqual([undefined, 'warmup', 'warmup', '1', '1', '2', '2', undefined])
  })
})

describe('tokens and time by window', () => {
  it('add up to the whole, whatever the windows and the chunks', () => {
    fc.assert(
      fc.property(
        phases,
        fc.array(fc.integer({ min: -1000, max: 3_000_000 }), { minLength: 1, maxLength: 50 }),
        fc.integer({ min: 1, max: 5000 }),
        fc.boolean(),
        (list, times, tokens, known) => {
          const sorted = [...times].sort((a, b) => a - b)
          const windows = windowsOf(list)
          const one = request({
            chunkTimesMs: sorted,
            chunkTokens: known ? sorted.map((_, i) => i % 3) : undefined,
            marks: {
              startMs: 0,
              sentMs: (sorted[0] as number) - 10,
              endMs: (sorted[sorted.length - 1] as number) + 5,
            },
          })
          const shares = tokensByWindow(one, windows, tokens)
          expect(shares.reduce((sum, s) => sum + s.value, 0)).toBeCloseTo(tokens, 6)
          for (const share of shares) {
            const chunks = sorted.filter(
              (t) =>
                (windowAt(windows, t)?.slice ?? windowAt(windows, t)?.phase ?? 'drain') ===
                (share.slice ?? share.phase),
            )
            expect(chunks.length, share.phase).toBeGreaterThan(0)
          }
          const flight = flightByWindow(one, windows)
          expect(flight.reduce((sum, s) => sum + s.value, 0)).toBeCloseTo(
            one.marks.endMs - (one.marks.sentMs as number),
            5,
          )
        },
      ),
    )
  })

  it('weights chunks by their tokens where the wire tells', () => {
    const windows = windowsOf([
      { name: 'a', startMs: 0, endMs: 100, measured: false },
      { name: 'b', startMs: 100, endMs: 200, measured: false },
    ])
    const one = request({ chunkTimesMs: [50, 150], chunkTokens: [3, 1] })
    expect(tokensByWindow(one, windows, 8).map((s) => [s.phase, s.value])).toEqual([
      ['a', 6],
      ['b', 2],
    ])
  })
})

describe('gap sampling', () => {
  it('keeps all at 1 and none at 0, without drawing', () => {
    const never = () => {
      throw new Error('drawn')
    }
    expect([-1, 0, 1].map((after) => nextGap(after, 1, never))).toEqual([0, 1, 2])
    expect(nextGap(-1, 0, never)).toBe(Infinity)
  })

  it('keeps each gap with the stated probability, wherever it stands in the request', () => {
    // mulberry32: fixed seed, so the bounds below hold on every machine.
    let state = 12345
    const random = () => {
      state = (state + 0x6d2b79f5) | 0
      let t = Math.imul(state ^ (state >>> 15), 1 | state)
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296
    }
    const hits = [0, 0, 0, 0, 0]
    const rounds = 40_000
    for (let i = 0; i < rounds; i++) {
      for (let i = nextGap(-1, 0.3, random); i < 5; i = nextGap(i, 0.3, random)) hits[i]!++
    }
    // Standard error 0.0023.
    for (const hit of hits) expect(Math.abs(hit / rounds - 0.3)).toBeLessThan(0.01)
  })

  it('is 1 for short runs and keeps long ones in the budget', () => {
    expect(gapSampling(200_000)).toBe(1)
    expect(gapSampling(2_000_000)).toBe(0.1)
    expect(gapSampling(Number.NaN)).toBe(1)
    expect(gapSampling(30_000, 60_000)).toBe(1)
    expect(gapSampling(60_000, 60_000)).toBe(0.5)
    fc.assert(
      fc.property(fc.integer({ min: 200_001, max: 1_000_000_000 }), (tokens) => {
        expect(gapSampling(tokens) * tokens).toBeLessThan(211_000)
      }),
    )
  })
})

describe('percentile', () => {
  it.each([
    [[], 0.5, undefined],
    [[7], 0.99, 7],
    [[10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 0.95, 95.5],
    [[3, 1, 2], 0.5, 2],
  ])('of %j at %d is as k6 has it', (values, p, expected) => {
    const got = percentile(values, p)
    if (expected === undefined) expect(got).toBeUndefined()
    else expect(got).toBeCloseTo(expected, 9)
  })
})
