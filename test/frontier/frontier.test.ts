import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frontierShown } from '../../lib/frontier/index.ts'
import { frontierCharts } from '../../lib/html/index.ts'
import type { Measured } from '../../lib/frontier/index.ts'
import { leadOf, standings } from '../../lib/frontier/dominance.ts'
import { shownText } from '../../lib/tables/index.ts'
import { FIVE, frontierOfMadeUp } from './made-up.ts'

const AGAINST = ['ttft_p95', 'output_tokens_per_s', 'cost_per_million', 'cost_per_good']

describe('five configurations', () => {
  const found = frontierOfMadeUp(FIVE, {
    against: AGAINST,
    limits: [{ id: 'quality', limit: 0.7 }],
  })
  const standing = (name: string) => found.configurations.find((one) => one.name === name)!.standing

  it('stand as worked out by hand', () => {
    expect(standing('fp16')).toEqual({
      ttft_p95: 'front',
      output_tokens_per_s: 'front',
      cost_per_million: 'front',
      cost_per_good: 'front',
    })
    expect(Object.values(standing('fp8'))).toEqual(['front', 'front', 'front', 'front'])
    expect(standing('int4')).toEqual({
      ttft_p95: 'dominated',
      // The same throughput: fp8 is ahead in quality for certain, in tokens/s nobody knows.
      output_tokens_per_s: 'open',
      cost_per_million: 'open',
      cost_per_good: 'dominated',
    })
    expect(Object.values(standing('int2'))).toEqual(['out', 'out', 'out', 'out'])
    expect(Object.values(standing('bf16'))).toEqual(['front', 'front', 'front', 'front'])
    const int4 = found.configurations.find(({ name }) => name === 'int4')!
    expect(int4.behind['ttft_p95']).toEqual(['fp8'])
  })

  it('cost what was worked out by hand', () => {
    const cost = (name: string, id: string) =>
      found.configurations.find((one) => one.name === name)!.values[id]!
    expect(cost('fp16', 'cost_per_million').value).toBeCloseTo(20, 9)
    expect(cost('fp16', 'cost_per_million').low).toBeCloseTo(7.2e6 / (3600 * 110), 9)
    expect(cost('fp8', 'cost_per_million').value).toBeCloseTo(5, 9)
    // 7.2 USD per 3,600 requests, of which 96 % are good.
    expect(cost('fp16', 'cost_per_good').value).toBeCloseTo(0.002 / 0.96, 12)
    const { low, high } = cost('fp16', 'cost_per_good')
    const quality = cost('fp16', 'quality')
    expect(low).toBeCloseTo(7.2 / (3600 * 1.1) / quality.high!, 12)
    expect(high).toBeCloseTo(7.2 / (3600 * 0.9) / quality.low!, 12)
  })

  it('are shown with marks, reasons and pictures', () => {
    const text = shownText(frontierShown(found))
    expect(text).toMatch(/✗ int2 +60 ±3\.1 % .*out: breaks quality/)
    expect(text).toMatch(/fp16 +96 ±1\.5 % +● 800 ±40 /)
    expect(text).toMatch(/int4 .*× 540 ±20 +○ 200 ±10/)
    expect(text).toContain('int4 is dominated for certain in quality and TTFT p95 by fp8')
    const charts = frontierCharts(found)
    expect(charts.map(({ title }) => title)).toEqual([
      'Quality against TTFT p95, ms',
      'Quality against output, tokens/s',
      'Quality against cost per million output tokens, USD',
      'Quality against cost per good answer, USD',
    ])
    const [ttft] = charts
    expect(ttft!.lines).toHaveLength(5)
    expect(ttft!.lines[0]).toMatchObject({
      label: 'fp16',
      x: [800],
      xLow: [760],
      xHigh: [840],
      values: [0.96],
      rest: '96 % at 800 ms',
    })
    const looks = ttft!.lines.map(({ label, rest }) => [label, /, (.*)/.exec(rest ?? '')?.[1]])
    expect(Object.fromEntries(looks)).toMatchObject({
      int4: 'dominated',
      int2: 'breaks a limit',
    })
    for (const { xRange, yRange, lines } of charts) {
      for (const { x, xLow, xHigh, values, low, high } of lines) {
        for (const end of [x, xLow, xHigh]) {
          expect(end![0]).toBeGreaterThanOrEqual(xRange![0])
          expect(end![0]).toBeLessThanOrEqual(xRange![1])
        }
        for (const end of [values, low, high]) {
          expect(end![0]).toBeGreaterThanOrEqual(yRange![0])
          expect(end![0]).toBeLessThanOrEqual(yRange![1])
        }
      }
    }
  })
})

it('what breaks a limit of its own is out, and leads nobody', () => {
  const [fp16, fp8] = FIVE
  const { configurations } = frontierOfMadeUp([fp16!, { ...fp8!, missed: true, passed: 1000 }])
  expect(configurations.map(({ standing }) => standing['ttft_p95'])).toEqual(['front', 'out'])
  expect(configurations[1]!.broken).toEqual(['TPOT p95'])
})

it('a limit that the interval reaches over is undecided', () => {
  const limits = [
    { id: 'quality', limit: 0.965 },
    { id: 'ttft_p95', limit: 700 },
  ]
  const [fp16] = frontierOfMadeUp(FIVE, { limits }).configurations
  expect(fp16).toMatchObject({ broken: ['TTFT p95'], undecided: ['quality'] })
  const facts = frontierShown(frontierOfMadeUp(FIVE, { limits: limits.slice(0, 1) })).facts
  expect(facts).toContain('fp16 may break a limit: quality undecided.')
})

it('names figures that there are not', () => {
  expect(() => frontierOfMadeUp(FIVE, { against: ['speed'] })).toThrow(/no figure speed; accepted/)
})

describe('dominance', () => {
  const axes = [{ better: 'higher' }, { better: 'lower' }] as const
  const measured = fc
    .tuple(fc.integer({ min: 0, max: 20 }), fc.nat(5), fc.nat(5))
    .map(([value, below, above]): Measured => ({ value, low: value - below, high: value + above }))
  const values = fc.tuple(measured, measured)

  it('is never of both over each other, and certain only where it is measured', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [there, back] = [leadOf(axes, a, b), leadOf(axes, b, a)]
        expect(there === 'none' || back === 'none').toBe(true)
        const exact = (all: typeof a) =>
          all.map(({ value }) => ({ value, low: value, high: value }))
        if (there === 'certain') expect(leadOf(axes, exact(a), exact(b))).toBe('certain')
      }),
    )
  })

  it('leaves at least one result, unless all are out', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 8 }), (all) => {
        const points = all.map((own, i) => ({ name: String(i), out: false, values: own }))
        const found = standings(axes, points)
        expect(found.some(({ standing }) => standing === 'front')).toBe(true)
      }),
    )
  })

  it('is not known without a value', () => {
    const none = { value: null, low: null, high: null }
    const some = { value: 1, low: 0, high: 2 }
    const found = standings(axes, [
      { name: 'a', out: false, values: [some, none] },
      { name: 'b', out: false, values: [some, some] },
    ])
    expect(found.map(({ standing }) => standing)).toEqual(['no_value', 'front'])
  })
})
