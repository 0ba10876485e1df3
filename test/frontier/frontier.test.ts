import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frontierPlots, frontierShown } from '../../lib/frontier/index.ts'
import type { Measured } from '../../lib/frontier/index.ts'
import { leadOf, standings } from '../../lib/frontier/dominance.ts'
import { shownText } from '../../lib/tables/index.ts'
import { frontierOfMadeUp } from './made-up.ts'
import type { MadeUp } from './made-up.ts'

const hour = (perHour: number) => ({ kind: 'hour', perHour }) as const

/** Worked out by hand: an hour at 1 request/s and 100 tokens/s is 3,600 requests and 360,000 tokens. */
const FIVE: MadeUp[] = [
  {
    ...{ name: 'fp16', graded: 1000, passed: 960, price: hour(7.2) },
    ...{ ttftP95: [800, 760, 840], tokensPerS: [100, 90, 110], completedPerS: [1, 0.9, 1.1] },
  },
  {
    ...{ name: 'fp8', graded: 1000, passed: 950, price: hour(3.6) },
    ...{ ttftP95: [500, 480, 520], tokensPerS: [200, 190, 210], completedPerS: [2, 1.9, 2.1] },
  },
  // As fast as fp8, and worse beyond doubt.
  {
    ...{ name: 'int4', graded: 1000, passed: 800, price: hour(3.6) },
    ...{ ttftP95: [540, 525, 560], tokensPerS: [200, 190, 210], completedPerS: [2, 1.9, 2.1] },
  },
  // The fastest, but below the floor.
  {
    ...{ name: 'int2', graded: 1000, passed: 600, price: hour(1.8) },
    ...{ ttftP95: [200, 190, 210], tokensPerS: [400, 390, 410], completedPerS: [4, 3.9, 4.1] },
  },
  // A little better and slower than fp16: its lead in quality may be chance.
  {
    ...{ name: 'bf16', graded: 1000, passed: 970, price: hour(7.2) },
    ...{ ttftP95: [900, 850, 950], tokensPerS: [90, 85, 95], completedPerS: [0.9, 0.85, 0.95] },
  },
]
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
    const plots = frontierPlots(found)
    expect(plots).toHaveLength(4)
    expect(plots[0]!.match(/<circle/g)).toHaveLength(5)
    expect(plots[0]!.match(/stroke="#b3261e"/g)).toHaveLength(1)
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
