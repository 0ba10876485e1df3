import { describe, expect, it } from 'vitest'
import { adjustedChange } from '../../lib/compare/statistics/adjust.ts'
import { compareRuns } from '../../lib/compare/index.ts'
import { studentQuantile } from '../../lib/statistics/index.ts'
import type { Comparison } from '../../lib/compare/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import { detectable, timesAsMuch } from '../../lib/compare/statistics/power.ts'
import { servedRun } from './made-up.ts'

const MODEL = { baseMs: 8, perRequestMs: 0.2, perInputTokenMs: 0.04, mostInFlight: 64 }
const options = { figures: ['tpot_p50', 'tpot_p95', 'e2e_p50', 'output_tokens_per_s'] }
const compared = (a: Run, b: Run, more = {}): Comparison =>
  compareRuns([a], [[b]], { ...options, allow: ['lengths', 'load'], ...more })[0]!
const withAsked = (run: Run, asked: (i: number) => object | undefined): Run => ({
  ...run,
  requests: run.requests!.map((r, i) => ({ ...r, asked: asked(i) as typeof r.asked })),
})
const unasked = (run: Run) => withAsked(run, () => undefined)

describe('a change without what the traffic did to it', () => {
  const spread = (variance: number, controlVariance: number, covariance: number) => ({
    variance,
    controlVariance,
    covariance,
  })

  it('is the measured one where there is no control', () => {
    const plain = { change: 0.1, error: 0.05, df: 9, adjusted: false }
    expect(adjustedChange(0.1, undefined, [spread(0.0025, 0, 0)], 9)).toMatchObject(plain)
    expect(adjustedChange(0.1, 0, [spread(0.0025, 0, 0)], 9)).toMatchObject(plain)
    expect(adjustedChange(0.1, 0.3, [spread(0.0025, 1, 0.05)], 2)).toMatchObject({
      change: 0.1,
      adjusted: false,
    })
  })

  it('takes the slope times the change of the control', () => {
    // Slope 0.8; of each side's variance 0.01, 0.64 times 0.015 is the traffic's.
    const side = spread(0.01, 0.015, 0.012)
    const found = adjustedChange(0.1, 0.05, [side, side], 10)
    expect(found.change).toBeCloseTo(0.1 - 0.8 * 0.05, 12)
    expect(found.explained).toBeCloseTo(0.96, 12)
    // Two equal sides have the degrees of both, less the slope's.
    expect(found.df).toBeCloseTo(19, 12)
    const left = 2 * (0.01 - 0.64 * 0.015)
    const slopes = (20 / 19) * (1 + 0.05 ** 2 / 0.03 / 19)
    expect(found.error).toBeCloseTo(Math.sqrt(left * slopes), 12)
  })

  it('is hardly another one, and no surer, by a control that explains nothing', () => {
    const found = adjustedChange(0.1, 0.2, [spread(0.01, 0.01, 0.0001)], 12)
    expect(found.change).toBeCloseTo(0.098, 12)
    expect(found.error).toBeGreaterThan(0.1)
    expect(found).toMatchObject({ df: 11, explained: expect.closeTo(0.0001, 9) })
  })

  it('shows what the server did, all of it, where other traffic hid it', () => {
    for (const [seed, slower] of [
      [1, 1],
      [3, 1],
      [1, 1.05],
      [3, 1.05],
      [5, 1.05],
    ] as const) {
      const a = servedRun('a', seed, MODEL)
      const b = servedRun('b', seed + 1, MODEL, slower)
      const found = compared(a, b)
      const [tpot] = found.figures
      expect(found.method.adjustment.adjusted).toBe(true)
      expect(tpot!.change).toBeGreaterThan(slower - 1 - 0.01)
      expect(tpot!.change).toBeLessThan(slower - 1 + 0.01)
      expect(tpot!.verdict).toBe(slower === 1 ? 'not proven' : 'worse')
      expect(tpot!.explained).toBeGreaterThan(0.9)
      // What is shown of the sides is what was measured.
      expect(tpot!.measuredChange).toBeCloseTo(tpot!.after! / tpot!.before! - 1, 12)
      const plain = compared(unasked(a), unasked(b)).figures[0]!
      expect(plain.change).toBe(tpot!.measuredChange)
      expect(plain.detectable!).toBeGreaterThan(2 * tpot!.detectable!)
    }
  })
})

describe('a change stays as measured, and it is said why,', () => {
  const a = servedRun('a', 1, MODEL)
  const b = servedRun('b', 2, MODEL)
  const plain = compared(unasked(a), unasked(b))
  const condition = (run: Run, more: object): Run => ({
    ...run,
    conditions: { ...run.conditions, ...more },
  })

  it.each([
    [
      'without due times and asked lengths',
      unasked(a),
      b,
      'not every request has a due time and an asked length',
    ],
    [
      'where one request has none',
      a,
      withAsked(b, (i) => (i === 300 ? undefined : b.requests![i]!.asked)),
      'not every request has a due time and an asked length',
    ],
    [
      'in a closed loop',
      condition(a, { loop: 'closed' }),
      condition(b, { loop: 'closed' }),
      'the server itself decides when requests come',
    ],
    [
      'where other lengths are asked for',
      condition(a, { outputTokens: '128' }),
      condition(b, { outputTokens: '256' }),
      'differ in what is asked of the server (outputTokens)',
    ],
    ['where another load is', a, condition(b, { asked: 6 }), 'differ in the load asked'],
  ])('%s', (_, before, after, why) => {
    const found = compared(before, after)
    expect(found.method.adjustment).toMatchObject({ adjusted: false, model: null })
    expect(found.method.adjustment.text).toContain(why)
    expect(found.figures).toEqual(plain.figures)
    for (const f of found.figures) expect(f.change).toBe(f.measuredChange)
  })

  it('where the traffic is the same', () => {
    const same = servedRun('b', 1, MODEL, 1.05)
    const found = compared(a, same)
    expect(found.method).toMatchObject({ paired: true, adjustment: { adjusted: false } })
    expect(found.method.adjustment.text).toContain('the same requests at the same times')
    expect(found.figures).toEqual(compared(unasked(a), unasked(same)).figures)
  })

  it('with repeats', () => {
    const [found] = compareRuns([a, b], [[b, a]], options)
    expect(found!.method.adjustment).toMatchObject({ adjusted: false })
    expect(found!.method.adjustment.text).toContain('repeats')
  })
})

describe('the smallest change that is found', () => {
  const sure = { scale: 'ratio', error: 0.01, df: 1e6 } as const

  it('is as far from 0 as the test and its power ask for', () => {
    // Textbook normal quantiles: 1.960 and 1.2816.
    expect(detectable(sure, 0.05, 0)).toBeCloseTo(Math.expm1(0.01 * (1.96 + 1.2816)), 5)
    expect(detectable({ ...sure, scale: 'difference' }, 0.05, 0)).toBeCloseTo(0.032416, 5)
    expect(detectable(sure, 0.05 / 9, 0)).toBeCloseTo(Math.expm1(0.01 * (2.7729 + 1.2816)), 5)
    expect(studentQuantile(0.2, 1e6)).toBeCloseTo(1.2816, 4)
  })

  it('is above the smallest that counts, also where the runs tell all', () => {
    expect(detectable(sure, 0.05, 0.1)).toBeCloseTo(1.1 * Math.exp(0.012816) - 1, 5)
    expect(detectable({ ...sure, error: 0 }, 0.05, 0.02)).toBeCloseTo(0.02, 12)
  })

  it('falls to 5 % when so many times as much is measured', () => {
    for (const error of [0.005, 0.02, 0.3])
      for (const least of [0, 0.02, 0.04]) {
        const known = { scale: 'ratio', error, df: 12 } as const
        const times = timesAsMuch(known, 0.01, least, 0.05)!
        const then = { ...known, error: error / Math.sqrt(times) }
        expect(detectable(then, 0.01, least)).toBeCloseTo(0.05, 9)
      }
    expect(timesAsMuch(sure, 0.01, 0.05, 0.05)).toBeUndefined()
  })
})
