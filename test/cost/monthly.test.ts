import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { loadBins, monthlyCost } from '../../lib/cost/index.ts'
import { parseTrace } from '../../lib/traces/index.ts'

const fleet = { perReplica: 10, losses: 1, leadMs: 0, atLeast: 1 }
const equal = { static: 1, scaled: 1 }
const hours = (...rates: number[]) => rates.map((rate) => ({ rate, lengthMs: 3_600_000 }))

describe('a month', () => {
  it('costs 730 hours of the fleet, static for the peak or following the load', () => {
    const found = monthlyCost(hours(5, 15, 40, 20), { static: 2, scaled: 3 }, fleet)
    expect(found).toMatchObject({ averageRate: 20, peakRate: 40, averageOverPeak: 0.5 })
    expect(found.staticReplicas).toBe(5)
    // 1+1, 2+1, 4+1, 2+1.
    expect(found.scaledReplicasMean).toBe(13 / 4)
    expect(found.staticCost).toBe(5 * 2 * 730)
    expect(found.scaledCost).toBeCloseTo((13 / 4) * 3 * 730, 9)
    expect(found.savedShare).toBeCloseTo(1 - (13 / 4 / 5) * 1.5, 12)
  })

  it('has replicas ready before the load comes, over the end of the day too', () => {
    const ahead = monthlyCost(hours(40, 5, 5, 5), equal, { ...fleet, leadMs: 3_600_000 })
    // The bin before the first one is the last one.
    expect(ahead.scaledReplicasMean).toBe((5 + 2 + 2 + 5) / 4)
    const idle = monthlyCost(hours(0, 0), equal, { ...fleet, atLeast: 0 })
    expect([idle.staticReplicas, idle.staticCost, idle.savedShare]).toEqual([0, 0, 0])
  })

  it('names every problem at once', () => {
    expect(() => monthlyCost([], equal, { ...fleet, perReplica: 0, leadMs: NaN })).toThrow(
      /no load[^]*capacity is 0[^]*leadMs is NaN/,
    )
    expect(() => monthlyCost([{ rate: 1, lengthMs: 0 }], equal, fleet)).toThrow(/bin of 0 ms/)
  })

  it('counts each bin for as long as it is', () => {
    const found = monthlyCost(
      [
        { rate: 10, lengthMs: 3000 },
        { rate: 50, lengthMs: 1000 },
      ],
      equal,
      fleet,
    )
    expect(found).toMatchObject({ averageRate: 20, scaledReplicasMean: (3 * 2 + 6) / 4 })
  })

  it('is ready for the most of what comes while a replica gets ready, whatever the bins are', () => {
    const bin = fc.record({ rate: fc.nat(90), lengthMs: fc.integer({ min: 1, max: 9 }) })
    fc.assert(
      fc.property(fc.array(bin, { minLength: 1, maxLength: 12 }), fc.nat(40), (bins, leadMs) => {
        const options = { perReplica: 1, losses: 0, leadMs, atLeast: 0 }
        // Every bin on its own, by walking ahead.
        const wanted = bins.map(({ rate, lengthMs }, i) => {
          let most = rate
          let [at, j] = [lengthMs, i + 1]
          while (at < lengthMs + leadMs && j < i + bins.length) {
            const next = bins[j++ % bins.length]!
            most = Math.max(most, next.rate)
            at += next.lengthMs
          }
          return most * lengthMs
        })
        const length = bins.reduce((sum, { lengthMs }) => sum + lengthMs, 0)
        const mean = wanted.reduce((sum, n) => sum + n, 0) / length
        expect(monthlyCost(bins, equal, options).scaledReplicasMean).toBeCloseTo(mean, 9)
      }),
    )
  })

  it('takes hundreds of thousands of bins at once', () => {
    const bins = Array.from({ length: 300_000 }, (_, i) => ({ rate: i % 7, lengthMs: 1000 }))
    const found = monthlyCost(bins, equal, { ...fleet, leadMs: 40_000_000 })
    expect(found).toMatchObject({ scaledReplicasMax: 2, scaledReplicasMean: 2 })
  })
})

describe('the bins of a trace', () => {
  const rates = (timesMs: number[], binMs: number) => loadBins(timesMs, binMs).map((b) => b.rate)

  it('have the rate over their length, the last one too', () => {
    expect(rates([0, 500, 999, 1000, 1500], 1000)).toEqual([3, 4])
    expect(rates([0], 1000)).toEqual([1])
    expect(rates([0, 2000], 1000)).toEqual([1, 1])
    expect(rates([0, 100, 200, 300], 1000)).toEqual([4 / 0.3])
    expect(() => loadBins([0, 1e9], 0)).toThrow(/bins of 0 ms/)
    expect(() => loadBins([0, 1e9], 1e-3)).toThrow(/at most 1000000/)
  })

  it('lose no request, and none of the time', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(10_000), { minLength: 1 }),
        fc.integer({ min: 10, max: 5000 }),
        (times, binMs) => {
          const bins = loadBins(times, binMs)
          const requests = bins.reduce((sum, b) => sum + (b.rate * b.lengthMs) / 1000, 0)
          expect(requests).toBeCloseTo(times.length, 6)
          const endMs = Math.max(...times)
          const length = bins.reduce((sum, b) => sum + b.lengthMs, 0)
          expect(length).toBeCloseTo(endMs === 0 ? binMs : endMs, 6)
          if (bins.length > 1)
            for (const { lengthMs } of bins) expect(lengthMs).toBeGreaterThanOrEqual(binMs / 2)
        },
      ),
    )
  })

  // 900 requests at 1/s; the one file has 5 more in its last 0.45 s, which are no peak of 11/s.
  it.each([
    ['short-tail.csv', 905 / 900.45],
    ['no-tail.csv', 900 / 899],
  ])('of %s are a steady load', (name, rate) => {
    const text = readFileSync(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
    const parsed = parseTrace(text)
    if (!parsed.ok) throw new Error('no trace')
    const found = monthlyCost(loadBins(parsed.trace.atMs, 900_000), equal, {
      ...fleet,
      perReplica: 1.1,
    })
    expect(found.averageRate).toBeCloseTo(rate, 12)
    expect(found.peakRate).toBeCloseTo(rate, 12)
    expect(found.staticCost).toBe(1460)
    expect(found.scaledCost).toBe(1460)
  })
})
