import { CATALOGUE } from '../../metrics/index.ts'
import type { MetricDef } from '../../metrics/index.ts'
import { PERCENTILES } from '../../report/index.ts'
import {
  meanEstimate,
  quantileEstimates,
  rateEstimateFromSlices,
  ratioEstimateFromSlices,
  shareEstimate,
} from '../../statistics/index.ts'
import type { Estimate } from '../../statistics/index.ts'
import { spread } from '../columns.ts'
import type { MeasuredWindow } from '../types.ts'
import { windowPosition } from '../window.ts'
import type { Collected, Series, Values } from './series.ts'

/** Every latency of the catalogue. */
export const LATENCIES = (CATALOGUE as readonly MetricDef[]).flatMap(({ name, timing }) =>
  timing === undefined ? [] : [{ name, timing }],
)

/** Cells of time for sums: as many as the estimates of single values use. */
const CELLS = 128

const SHARES = PERCENTILES.map(([, share]) => share)

/**
 * Estimates of a scope's figures, by the names under which it keeps their intervals.
 * @param window of the scope; its phases follow each other without what lies between them
 * @param phase its number; undefined: all
 */
export function estimatesOf(
  { latencies, failed, good, input, cached, tokens }: Collected,
  window: MeasuredWindow,
  phase: number | undefined,
  confidence: number,
): Record<string, Estimate> {
  const found: Record<string, Estimate> = {}
  const timed = (series: Series) => {
    const { values, atMs } = series.of(phase)
    return { values, timesMs: atMs.map((ms) => windowPosition(window, ms)) }
  }
  const sums = (series: Series, of?: (value: number) => number) =>
    sumsOf(series.of(phase), window, of)
  const rate = (amounts: Float64Array) =>
    rateEstimateFromSlices(
      Array.from(amounts, (amount) => ({ lengthMs: window.lengthMs / CELLS, amount })),
      confidence,
    )

  for (const [name, series] of latencies) {
    const own = timed(series)
    found[`${name}.avg`] = meanEstimate(own, confidence)
    const estimates = quantileEstimates(own, SHARES, confidence)
    PERCENTILES.forEach(([stat], i) => (found[`${name}.${stat}`] = estimates[i] as Estimate))
  }
  found['errorRate'] = shareEstimate(timed(failed), confidence)
  found['goodShare'] = shareEstimate(timed(good), confidence)
  found['completedPerS'] = rate(sums(failed, (one) => 1 - one))
  found['goodPerS'] = rate(sums(good))
  found['outputTokensPerS'] = rate(sums(tokens))
  const part = sums(cached)
  const ofInput = Array.from(sums(input), (count, i) => ({ count, sum: part[i] as number }))
  found['cachedShare'] = ratioEstimateFromSlices(ofInput, confidence)
  return found
}

/** Sums over equal cells of the window; a value that has a length of time is spread evenly over it. */
function sumsOf(
  { values, atMs, untilMs }: Values,
  window: MeasuredWindow,
  of: (value: number) => number = (value) => value,
): Float64Array {
  const sums = new Float64Array(CELLS)
  const position = (ms: number) => (windowPosition(window, ms) / window.lengthMs) * CELLS
  values.forEach((value, i) => {
    spread(of(value), position(atMs[i] as number), position(untilMs[i] as number), sums)
  })
  return sums
}
