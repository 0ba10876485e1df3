import { describe, expect, it } from 'vitest'
import { randomSource } from '../../lib/random/index.ts'
import {
  meanEstimate,
  percentileOf,
  QUANTILE_GRID,
  quantileEstimate,
  quantileEstimatesFromSlices,
  rateEstimateFromSlices,
  shareEstimate,
} from '../../lib/statistics/index.ts'
import type { Estimate } from '../../lib/statistics/index.ts'

const PHASES = [0, 1, 2]
const EACH = 1000
/** Medians of the latencies before, in and after a spike, ms. */
const MEDIANS = [100, 400, 150]

/** Latencies that do not depend on each other, in three phases of different height. */
function spike(seed: number) {
  const uniform = randomSource(seed, 'spike')
  const values = PHASES.flatMap((phase) =>
    Array.from({ length: EACH }, () => (MEDIANS[phase] as number) * Math.exp(uniform() - 0.5)),
  )
  const timesMs = values.map((_, i) => 10 * i)
  const phases = values.map((_, i) => Math.floor(i / EACH))
  return { values, timesMs, phases }
}

/** What all runs of the plan have on average. */
const MEAN =
  (MEDIANS.reduce((sum, median) => sum + median, 0) / 3) * (Math.exp(0.5) - Math.exp(-0.5))

const RUNS = 50
/** Share of the intervals that cover the truth; most runs must give one. */
function covered(truth: number, of: (seed: number) => Estimate): number {
  const given = Array.from({ length: RUNS }, (_, i) => of(i + 1)).flatMap(({ low, high }) =>
    low === undefined || high === undefined ? [] : [{ low, high }],
  )
  expect(given.length).toBeGreaterThan(0.6 * RUNS)
  return given.filter(({ low, high }) => low <= truth && truth <= high).length / given.length
}

describe('the whole of a spike', () => {
  it('has the interval of what varies within its phases', () => {
    expect(covered(MEAN, (seed) => meanEstimate(spike(seed)))).toBeGreaterThanOrEqual(0.94)
    const { low = 0, high = Infinity } = meanEstimate(spike(1))
    expect(high / low).toBeLessThan(1.2)
  })

  it('has none where the phases are not told', () => {
    const { values, timesMs } = spike(1)
    expect(meanEstimate({ values, timesMs }).high).toBeUndefined()
  })

  it('has percentiles, from records and from slices', () => {
    const p50 = percentileOf(
      Float64Array.from(Array.from({ length: 40 }, (_, i) => spike(1000 + i).values).flat()).sort(),
      0.5,
    ) as number
    expect(covered(p50, (seed) => quantileEstimate(spike(seed), 0.5))).toBeGreaterThanOrEqual(0.94)
    const ofSlices = (seed: number) => {
      const { values } = spike(seed)
      const slices = Array.from({ length: 24 }, (_, i) => {
        const part = Float64Array.from(values.slice(i * 125, (i + 1) * 125)).sort()
        const quantiles = QUANTILE_GRID.map((p) => percentileOf(part, p) as number)
        const sum = part.reduce((all, x) => all + x, 0)
        return { count: part.length, sum, quantiles, phase: String(Math.floor(i / 8)) }
      })
      return quantileEstimatesFromSlices(slices, QUANTILE_GRID, [0.5])[0] as Estimate
    }
    expect(covered(p50, ofSlices)).toBeGreaterThanOrEqual(0.94)
  })

  it('has shares and rates', () => {
    const { timesMs, phases } = spike(1)
    const failed = phases.map((phase, i) => (phase === 1 && i % 10 === 0 ? 1 : 0))
    const share = shareEstimate({ values: failed, timesMs, phases })
    expect(share.low).toBeGreaterThan(0.01)
    expect(share.high).toBeLessThan(0.1)
    const uniform = randomSource(1, 'rate')
    const slices = [10, 40, 15].flatMap((perS, phase) =>
      Array.from({ length: 64 }, () => ({
        lengthMs: 1000,
        amount: perS * (0.9 + 0.2 * uniform()),
        phase: String(phase),
      })),
    )
    const { low, high } = rateEstimateFromSlices(slices)
    expect(low).toBeGreaterThan(20.5)
    expect(high).toBeLessThan(22.8)
  })
})
