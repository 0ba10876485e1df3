import { describe, expect, it } from 'vitest'
import { quantileEstimate } from '../../lib/statistics/index.ts'

/** Latencies around 100 ms that rise and fall three times in the run, by so much. */
function wave(amplitudeMs: number, n = 2000) {
  const timesMs = Array.from({ length: n }, (_, i) => i * 100)
  const values = timesMs.map(
    (_, i) => 100 + amplitudeMs * Math.sin((6 * Math.PI * i) / n) + (i % 7) * 0.01,
  )
  return { values, timesMs }
}

describe('a quantile of values whose memory is as long as the run', () => {
  it('is known to a step where they hardly differ', () => {
    const { value, low, high } = quantileEstimate(wave(1), 0.5)
    expect(value).toBeCloseTo(100, 0)
    expect(low).toBeGreaterThan(93)
    expect(low).toBeLessThan(96)
    expect(high).toBeGreaterThan(104)
    expect(high).toBeLessThan(107)
  })

  it('is not known where they do', () => {
    const { low, high } = quantileEstimate(wave(40), 0.5)
    expect([low, high]).toEqual([undefined, undefined])
  })

  it('is not known from steps where a value is 0', () => {
    const { values, timesMs } = wave(1)
    const estimate = quantileEstimate({ values: values.map(() => 0), timesMs }, 0.5)
    expect(estimate.value).toBe(0)
  })
})
