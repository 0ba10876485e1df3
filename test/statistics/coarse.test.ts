import { describe, expect, it, test } from 'vitest'
import {
  meanEstimate,
  meanEstimateFromSlices,
  percentileOf,
  QUANTILE_GRID,
  quantileEstimates,
  quantileEstimatesFromSlices,
} from '../../lib/statistics/index.ts'
import type { Estimate, GridSlice, Observations } from '../../lib/statistics/index.ts'

/** Latencies around 100 ms that rise and fall three times in the run, by so much. */
function wave(amplitudeMs: number, n = 2000) {
  const timesMs = Array.from({ length: n }, (_, i) => i * 100)
  const values = timesMs.map(
    (_, i) => 100 + amplitudeMs * Math.sin((6 * Math.PI * i) / n) + (i % 7) * 0.01,
  )
  return { values, timesMs }
}

/** What a summary keeps of them in 12 slices. */
function slicesOf({ values }: Observations): GridSlice[] {
  return Array.from({ length: 12 }, (_, i) => {
    const n = values.length
    const part = Array.from(values).slice((i * n) / 12, ((i + 1) * n) / 12)
    const sorted = Float64Array.from(part).sort()
    return {
      count: part.length,
      sum: part.reduce((sum, x) => sum + x, 0),
      quantiles: QUANTILE_GRID.map((p) => percentileOf(sorted, p) as number),
    }
  })
}

const PS = [0.5, 0.95, 0.99]

/** Every figure of a latency, from what either source knows of it. */
const SOURCES: Record<string, (run: Observations) => Estimate[]> = {
  records: (run) => [...quantileEstimates(run, PS), meanEstimate(run)],
  slices: (run) => [
    ...quantileEstimatesFromSlices(slicesOf(run), QUANTILE_GRID, PS),
    meanEstimateFromSlices(slicesOf(run), QUANTILE_GRID),
  ],
}

describe.each(Object.entries(SOURCES))(
  'from %s, figures of values whose memory is as long as the run',
  (_, of) => {
    it.each([
      [1, 1.12],
      [8, 1.25],
    ])('are known to a step where they differ by %d %%', (amplitudeMs, within) => {
      const run = wave(amplitudeMs)
      of(run).forEach(({ value = NaN, low = 0, high = Infinity }) => {
        expect(value / low).toBeLessThan(within)
        expect(high / value).toBeLessThan(within)
        expect(low).toBeLessThan(value)
        expect(high).toBeGreaterThan(value)
      })
    })

    it('are not known where they differ much', () => {
      for (const { low, high } of of(wave(70))) expect([low, high]).toEqual([undefined, undefined])
    })
  },
)

test('there are no steps around 0', () => {
  const { values, timesMs } = wave(1)
  const run = { values: values.map(() => 0), timesMs }
  for (const of of Object.values(SOURCES)) {
    for (const { value } of of(run)) expect(value).toBe(0)
  }
})
