import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../lib/compare/index.ts'
import { studentP } from '../../lib/statistics/index.ts'
import { prove } from '../../scripts/virtual/proof.ts'
import { madeUpRun, request, resultsRun } from './made-up.ts'
import type { MadeUp } from './made-up.ts'

const figuresOf = (id: string, values: number[], seed?: number) =>
  values.map((value, i) =>
    resultsRun(`r${i}`, id, value, seed === undefined ? {} : { seed: seed + i }),
  )

/** For tests of whether runs are comparable, and how: what is found then is the same for all figures. */
const ONE_FIGURE = { figures: ['tpot_p50'], resamples: 100 }

/** Every 100 ms a request whose figures swing, the swing shifted by `phase`. */
const swinging = (factor: number, phase: number): MadeUp[] =>
  Array.from({ length: 600 }, (_, i) =>
    request({ atMs: i * 100, tpotMs: factor * (10 + Math.sin(i / 9 + phase)), outputTokens: 50 }),
  )

describe('repeats', () => {
  it("are compared by Welch's t of the logarithms", () => {
    const [found] = compareRuns(
      figuresOf('ttft_p95', [100, 110, 105]),
      [figuresOf('ttft_p95', [150, 160, 170])],
      { figures: ['ttft_p95'] },
    )
    const f = found!.figures[0]!
    // By hand: means of the logs 4.6544 and 5.0739, variances 0.0022718 and 0.0039172.
    const logs = (v: number[]) => v.map(Math.log)
    const m = (v: number[]) => v.reduce((a, b) => a + b) / v.length
    const v2 = (v: number[]) => v.reduce((s, x) => s + (x - m(v)) ** 2, 0) / (v.length - 1)
    const [x, y] = [logs([100, 110, 105]), logs([150, 160, 170])]
    const [a, b] = [v2(x) / 3, v2(y) / 3]
    const df = (a + b) ** 2 / (a ** 2 / 2 + b ** 2 / 2)
    expect(f.change).toBeCloseTo(Math.exp(m(y) - m(x)) - 1, 12)
    expect(f.p).toBeCloseTo(studentP((m(y) - m(x)) / Math.sqrt(a + b), df), 12)
    expect(found!.method.kind).toBe('repeats')
    expect(f.verdict).toBe('worse')
    expect(f.low).toBeLessThan(f.change!)
    expect(f.high).toBeGreaterThan(f.change!)
  })

  it('of the same seeds are compared in pairs', () => {
    // Seeds differ far more than the sides do: only pairs can tell.
    const before = figuresOf('tpot_p50', [10, 20, 40, 80], 1)
    const after = figuresOf('tpot_p50', [10.5, 21.1, 41.9, 84], 1)
    const options = { figures: ['tpot_p50'] }
    const [paired] = compareRuns(before, [after], options)
    expect(paired!.method.kind).toBe('paired repeats')
    expect(paired!.figures[0]!.verdict).toBe('worse')
    const [not] = compareRuns(before, [after.toReversed()], options)
    expect(not!.method.kind).toBe('repeats')
    expect(not!.figures[0]!.verdict).toBe('not proven')
  })

  it('on one side only lend their variance to the other', () => {
    const [found] = compareRuns(
      figuresOf('e2e_p50', [100]),
      [figuresOf('e2e_p50', [101, 99, 100, 140])],
      { figures: ['e2e_p50'] },
    )
    expect(found!.figures[0]!.verdict).toBe('not proven')
    expect(found!.method.text).toContain('one run on a side')
  })
})

describe('single runs', () => {
  it('of the same traffic show a small change that different traffic hides', () => {
    const before = madeUpRun('a', swinging(1, 0), 60_000)
    const options = { figures: ['tpot_p50', 'tpot_p95', 'ttft_p50'] }
    const [same] = compareRuns([before], [[madeUpRun('b', swinging(1.03, 0), 60_000)]], options)
    expect(same!.method.paired).toBe(true)
    expect(same!.figures.map((f) => f.verdict)).toEqual(['worse', 'worse', 'not proven'])
    // Records hold times to a nanosecond.
    expect(same!.figures[0]!.change).toBeCloseTo(0.03, 7)
    const moved = swinging(1.03, 2).map((r) => ({ ...r, atMs: r.atMs + 50 }))
    const [other] = compareRuns([before], [[madeUpRun('b', moved, 60_000)]], options)
    expect(other!.method.paired).toBe(false)
    expect(other!.figures[0]!.verdict).toBe('not proven')
  })

  it('know the same traffic by the names of prompts, started a little late and salted', () => {
    const named = (late: number, name = 'p') =>
      swinging(1, 0).map((r, i) => ({
        ...r,
        atMs: r.atMs + (i % 3) * late,
        inputTokens: 100 + ((i * late) % 3),
        promptId: `${name}-${i}`,
      }))
    const paired = (requests: MadeUp[]) => {
      const before = madeUpRun('a', named(0), 60_000)
      const [found] = compareRuns([before], [[madeUpRun('b', requests, 60_000)]], ONE_FIGURE)
      return found!.method.paired
    }
    expect(paired(named(20))).toBe(true)
    expect(paired(named(0, 'other'))).toBe(false)
    expect(
      paired(
        named(20)
          .toReversed()
          .map((r, i) => ({ ...r, atMs: i * 100 })),
      ),
    ).toBe(false)
    expect(paired(named(20).map((r) => ({ ...r, promptId: 'p-1' })))).toBe(false)
  })

  it.each([
    ['other lengths', { lengths: 'other' }, /are not the same: other lengths$/],
    [
      'other times and prompts',
      { schedule: 'other', prompts: 'other' },
      /are not the same: other schedule and prompts$/,
    ],
    ['none told', undefined, /not known whether .* no digest of them in b$/],
  ])('are the same requests by their digests only: %s', (_, other, message) => {
    const before = madeUpRun('a', swinging(1, 0), 60_000)
    const workload = other && { ...before.conditions.workload!, ...other }
    const after = madeUpRun('b', swinging(1, 0), 60_000, { workload })
    const [found] = compareRuns([before], [[after]], ONE_FIGURE)
    expect(found!.method).toMatchObject({ paired: false })
    expect(found!.differences).toEqual([{ kind: 'told', message: expect.stringMatching(message) }])
    expect(found!.verdict).toBe('not proven')
    const pairs = [madeUpRun('a', swinging(1, 0), 60_000, { seed: 1 }), before]
    const others = pairs.map((run) => ({ ...run, conditions: { ...run.conditions, workload } }))
    expect(compareRuns(pairs, [others], ONE_FIGURE)[0]!.method.paired).toBe(false)
  })

  it('find nothing below the smallest effect, and say when there is surely none', () => {
    const before = madeUpRun('a', swinging(1, 0), 60_000)
    const after = madeUpRun('b', swinging(1.01, 0), 60_000)
    const [found] = compareRuns([before], [[after]], { figures: ['tpot_p50'] })
    expect(found!.figures[0]).toMatchObject({ verdict: 'not proven', unchanged: true })
    const [strict] = compareRuns([before], [[after]], { figures: ['tpot_p50'], minEffect: 0.005 })
    expect(strict!.figures[0]).toMatchObject({ verdict: 'worse', unchanged: false })
  })

  it('do not take three failures for a rate of failures', () => {
    const failing = (n: number) =>
      Array.from({ length: 300 }, (_, i) =>
        request({ atMs: i * 200, outcome: i % 100 < n ? 'http_error' : 'completed' }),
      )
    const options = { figures: ['error_share'] }
    const runs = (n: number) => madeUpRun('r', failing(n), 60_000)
    const [few] = compareRuns([runs(0)], [[runs(1)]], options)
    expect(few!.figures[0]).toMatchObject({ change: 0.01, verdict: 'not proven' })
    const [many] = compareRuns([runs(0)], [[runs(20)]], options)
    expect(many!.figures[0]!.verdict).toBe('worse')
  })

  it('without records show the change and claim nothing', () => {
    const [found] = compareRuns(figuresOf('ttft_p50', [100]), [figuresOf('ttft_p50', [900])], {
      figures: ['ttft_p50', 'tpot_p50'],
    })
    expect(found!.figures.map((f) => [f.verdict, f.change])).toEqual([
      ['not proven', expect.closeTo(8, 9)],
      ['no value', null],
    ])
  })

  it('give the same answer for the same seed', () => {
    const sides = [madeUpRun('a', swinging(1, 0), 60_000), madeUpRun('b', swinging(1, 1), 60_000)]
    const once = () => JSON.stringify(compareRuns([sides[0]!], [[sides[1]!]], { seed: 7 }))
    expect(once()).toBe(once())
  })
})

describe('runs that are unlike', () => {
  const runs = (more: object) => [madeUpRun('a', swinging(1, 0), 60_000, more)]
  it.each([
    ['model', { model: 'a' }, { model: 'b' }],
    ['load', { asked: 5 }, { asked: 6 }],
    ['load', { loop: 'open' }, { loop: 'closed' }],
    ['lengths', { outputTokens: '128' }, { outputTokens: '256' }],
    ['clock', { clock: 'socket' }, { clock: 'handler' }],
    ['client', {}, { clientLimits: ['started late'] }],
  ])('by %s are not comparable, unless that is meant', (kind, one, other) => {
    const [found] = compareRuns(runs(one), [runs(other)], ONE_FIGURE)
    expect(found!.verdict).toBe('not comparable')
    expect(found!.differences.map((d) => d.kind)).toEqual([kind])
    const [allowed] = compareRuns(runs(one), [runs(other)], { ...ONE_FIGURE, allow: [kind] })
    expect(allowed!.verdict).toBe('not proven')
    expect(allowed!.differences.map((d) => d.kind)).toEqual(['told'])
  })

  it('by the lengths that the server really served are found too', () => {
    const longer = swinging(1, 0).map((r) => ({ ...r, outputTokens: 60 }))
    const [found] = compareRuns(runs({}), [[madeUpRun('b', longer, 60_000)]], ONE_FIGURE)
    expect(found!.differences[0]!.message).toBe('requests have 50 and 60 output tokens on average')
  })

  it('but not by lengths that were asked for and differ by chance', () => {
    const drawn = swinging(1, 1).map((r) => ({
      ...r,
      outputTokens: 60,
      asked: { inputTokens: 100, outputTokens: 60 },
    }))
    const known = { outputTokens: 'lognormal(50, 0.6)', inputTokens: '100' }
    const compared = (requests: MadeUp[], more: object) =>
      compareRuns(runs(known), [[madeUpRun('b', requests, 60_000, more)]], ONE_FIGURE)[0]!
        .differences
    expect(compared(drawn, known)).toEqual([])
    // Not known to be drawn alike, and not served as asked.
    expect(compared(drawn, {})[0]!.message).toContain('50 and 60 output tokens on average')
    const longer = drawn.map((r) => ({ ...r, outputTokens: 80 }))
    expect(compared(longer, known)[0]!.message).toBe(
      'requests have 1.00 and 1.33 of the output tokens asked for',
    )
  })
})

it('names every problem of its options at once', () => {
  const wrong = { figures: ['ttft_p101', 'nothing'], alpha: 1, minEffect: -1, resamples: 3 }
  expect(() => compareRuns([], [], wrong)).toThrow(
    /"ttft_p101"[^]*"nothing"[^]*alpha is 1[^]*minEffect is -1[^]*resamples is 3/,
  )
})

// Bounded: scripts/virtual/main.ts does it for hundreds of pairs and several loads.
describe('on the simulated scheduler, over one-minute runs', () => {
  it('a TPOT that is 5 % up is found in 9 of 10, and nothing where nothing is', () => {
    const load = { pairs: 10, ratePerS: 8, firsts: new Map() }
    const changed = prove({ ...load, sameTraffic: true, slower: 1.05 })
    expect(changed.tpotWorse).toBeGreaterThanOrEqual(9)
    expect(changed.tpotDetectable).toBeLessThan(0.05)
    // At a level of 5 %, more than 4 of 20 false alarms come once in 400 such tests; seeds are fixed.
    const same = prove({ ...load, sameTraffic: true, slower: 1, minEffect: 0 })
    const other = prove({ ...load, sameTraffic: false, slower: 1, minEffect: 0 })
    expect(same.anyFinding + other.anyFinding).toBeLessThanOrEqual(4)
  }, 300_000)

  // 97.5 % at this use, 89 %, in docs/ci.md, and 100 % below; without adjustment 1 or 2 of 10.
  it('is found just as well where each side has other traffic', () => {
    const load = { pairs: 10, ratePerS: 20, firsts: new Map() }
    const busy = prove({ ...load, sameTraffic: false, slower: 1.05 })
    expect(busy.tpotWorse).toBeGreaterThanOrEqual(7)
    // At a level of 5 %, more than 3 of 10 false alarms come once in 1,000 such tests; seeds are fixed.
    const none = prove({ ...load, sameTraffic: false, slower: 1, minEffect: 0 })
    expect(none.anyFinding).toBeLessThanOrEqual(3)
  }, 300_000)
})
