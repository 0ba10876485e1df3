import { describe, expect, it } from 'vitest'
import { costCharts } from '../../lib/html/index.ts'
import { PRICES } from './prices.ts'

describe('charts of costs', () => {
  const [perMillion, perRequest] = costCharts(PRICES)

  it('draw the interval of each price that has one, and the price by the token', () => {
    expect(perMillion).toMatchObject({ names: ['on demand', 'spot'], limits: [{ value: 6 }] })
    expect(perMillion!.lines).toMatchObject([
      { label: 'as measured', values: [5, 2.5], low: [4.8, null], high: [5.3, null] },
      { label: 'at the limit', values: [4, null], low: [3.5, null], high: [4, null] },
    ])
  })

  it('draw a request at each rate, and where hosting begins to pay', () => {
    const { lines, x, limits, marks } = perRequest!
    // 7.2 an hour at 2 requests/s is 0.001 each.
    expect(lines.map(({ rest }) => rest)).toEqual([
      'pays from 2.00 requests/s',
      'pays from 1.00 requests/s',
    ])
    expect(limits).toMatchObject([{ value: 0.001 }])
    for (const [i, rate] of x.entries()) {
      expect(lines[0]!.values[i]! * rate * 3600).toBeCloseTo(7.2, 9)
    }
    // All of the interval of what a replica takes is in view.
    expect(x.at(-1)).toBeGreaterThan(6)
    expect(marks).toMatchObject([{ at: 5 }, { at: 5, to: 6 }])
  })

  it('leave out what is not known', () => {
    const { fleets } = PRICES
    const without = { ...PRICES, bought: null, boughtPerRequest: null, perReplica: null }
    expect(costCharts({ ...without, fleets: [] })).toEqual([])
    const [only, ...others] = costCharts({ ...without, fleets: fleets.slice(1) })
    expect(others).toEqual([])
    expect(only!.lines.map(({ label }) => label)).toEqual(['as measured'])
    expect(only!.limits).toEqual([])
  })
})
