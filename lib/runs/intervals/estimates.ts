import { CATALOGUE, isQueued } from '../../metrics/index.ts'
import type { MetricDef } from '../../metrics/index.ts'
import { PERCENTILES } from '../../report/index.ts'
import {
  meanEstimate,
  quantileEstimates,
  rateEstimateFromSlices,
  ratioEstimateFromSlices,
  shareEstimate,
} from '../../statistics/index.ts'
import type { Estimate, Observations } from '../../statistics/index.ts'
import { spread } from '../columns.ts'
import type { MeasuredWindow, WindowSpan } from '../types.ts'
import { windowPosition } from '../window.ts'
import type { Collected, Series, Values } from './series.ts'

/** Every latency of the catalogue. */
export const LATENCIES = (CATALOGUE as readonly MetricDef[]).flatMap(({ name, timing }) =>
  timing === undefined ? [] : [{ name, timing }],
)

/** Cells of each phase for sums: as many as the estimates of single values use. */
const CELLS = 128

const SHARES = PERCENTILES.map(([, share]) => share)

/**
 * Estimates of a scope's figures, by the names under which it keeps their intervals.
 * @param window of the scope; its phases follow each other without what lies between them
 * @param phase its number; undefined: all, between which figures differ as the plan wants it
 */
export function estimatesOf(
  { latencies, failed, good, input, cached, tokens, asked }: Collected,
  window: MeasuredWindow,
  phase: number | undefined,
  confidence: number,
): Record<string, Estimate> {
  const found: Record<string, Estimate> = {}
  const timed = (series: Series) => observed(series, window, phase)
  const sums = (series: Series, of?: (value: number) => number) =>
    sumsOf(series.of(phase), window, of)
  const cells = cellsOf(window)
  const rate = (amounts: Float64Array, wanted?: Float64Array) =>
    rateEstimateFromSlices(
      cells.map((cell, i) => ({ ...cell, amount: amounts[i] as number, asked: wanted?.[i] })),
      confidence,
    )

  for (const [name, series] of latencies) {
    const own = { ...timed(series), queued: isQueued(name) }
    found[`${name}.avg`] = meanEstimate(own, confidence)
    const estimates = quantileEstimates(own, SHARES, confidence)
    PERCENTILES.forEach(([stat], i) => (found[`${name}.${stat}`] = estimates[i] as Estimate))
  }
  found['errorRate'] = shareEstimate(timed(failed), confidence)
  found['goodShare'] = shareEstimate(timed(good), confidence)
  found['completedPerS'] = rate(sums(failed, (one) => 1 - one))
  found['goodPerS'] = rate(sums(good))
  found['outputTokensPerS'] = rate(sums(tokens), sums(asked))
  const part = sums(cached)
  const whole = sums(input)
  const ofInput = cells.map(({ phase: of }, i) => ({
    count: whole[i] as number,
    sum: part[i] as number,
    phase: of,
  }))
  found['cachedShare'] = ratioEstimateFromSlices(ofInput, confidence)
  return found
}

/**
 * The values of a series with their places in a window.
 * @param phase its number; undefined: all, between which values differ as the plan wants it
 */
export function observed(
  series: Series,
  window: MeasuredWindow,
  phase: number | undefined,
): Observations {
  const { values, atMs, phases } = series.of(phase)
  const timesMs = atMs.map((ms) => windowPosition(window, ms))
  return { values, timesMs, phases: phase === undefined ? phases : undefined }
}

/** The cells of a window: equal ones of each phase. */
function cellsOf({ spans }: MeasuredWindow): { lengthMs: number; phase: string }[] {
  return spans.flatMap(({ phase, startMs, endMs }) =>
    Array.from({ length: CELLS }, () => ({ lengthMs: (endMs - startMs) / CELLS, phase })),
  )
}

/** Sums over the cells of a window; a value that has a length of time is spread evenly over them. */
function sumsOf(
  { values, atMs, untilMs }: Values,
  { spans }: MeasuredWindow,
  of: (value: number) => number = (value) => value,
): Float64Array {
  const sums = new Float64Array(CELLS * spans.length)
  const position = (ms: number) => {
    const at = spans.findIndex(({ endMs }) => ms < endMs)
    if (at < 0) return sums.length
    const { startMs, endMs } = spans[at] as WindowSpan
    return CELLS * (at + Math.max(0, ms - startMs) / (endMs - startMs))
  }
  values.forEach((value, i) => {
    spread(of(value), position(atMs[i] as number), position(untilMs[i] as number), sums)
  })
  return sums
}
