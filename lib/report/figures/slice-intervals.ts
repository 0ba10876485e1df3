import { isQueued, requestLimits, slicedLatencies } from '../../metrics/index.ts'
import {
  QUANTILE_GRID,
  meanEstimateFromSlices,
  quantileEstimatesFromSlices,
  rateEstimateFromSlices,
  ratioEstimateFromSlices,
  shareEstimateFromSlices,
} from '../../statistics/index.ts'
import type { Estimate } from '../../statistics/index.ts'
import type { OverloadReport, RunInfo } from '../../results/index.ts'
import type { Summary } from '../summary.ts'
import { CONFIDENCE, PERCENTILES, intervalsOf } from './certainty.ts'
import type { Intervals } from './certainty.ts'
import { overloadedEstimates } from './overload.ts'
import { playedSlices } from './played-slices.ts'
import type { Slice } from './played-slices.ts'
import { elapsedLoadMs } from './scopes.ts'
import { sliceOverload } from './slice-overload.ts'
import { COMPLETED, createReader, some, sumOf } from './slice-reader.ts'
import type { Reader } from './slice-reader.ts'

type Estimates = Record<string, Estimate>

/**
 * Intervals from what k6's summary keeps of each slice of the measured phases: counts, sums and a grid of
 * percentiles. Wider than those from records, and none for what has no slices, or too few.
 */
export function sliceIntervals(summary: Summary, run: RunInfo): Intervals {
  const elapsedMs = elapsedLoadMs(summary, run)
  const slices = playedSlices(summary, run).map((slice) => ({
    ...slice,
    endMs: Math.min(slice.endMs, elapsedMs),
  }))
  const names = [...new Set(slices.map(({ phase }) => phase))]
  const phases = names.map((name) => {
    const own = slices.filter((one) => one.phase === name)
    const overload = sliceOverload(summary, run, name, own)
    return { name, overload, intervals: intervalsOf(phaseEstimates(summary, own, run, overload)) }
  })
  const byScope = {
    measured:
      phases.length === 1 ? phases[0]!.intervals : intervalsOf(estimatesOf(summary, slices, run)),
    ...Object.fromEntries(phases.map(({ name, intervals }) => [name, intervals])),
  }
  return {
    source: Object.keys(byScope.measured).length > 0 ? 'slices' : 'none',
    byScope,
    overload: phases.flatMap(({ overload }) => overload ?? []),
  }
}

function phaseEstimates(
  summary: Summary,
  slices: readonly Slice[],
  run: RunInfo,
  overload: OverloadReport | undefined,
): Estimates {
  const whole = estimatesOf(summary, slices, run)
  if (overload === undefined) return whole
  const half = slices.slice(0, slices.length >> 1)
  return overloadedEstimates(whole, estimatesOf(summary, half, run))
}

function estimatesOf(summary: Summary, slices: readonly Slice[], run: RunInfo): Estimates {
  const { slo, confidence = CONFIDENCE } = run
  const read = createReader(summary, slices)
  return {
    ...latencies(read, slicedLatencies(slo), confidence),
    ...shares(read, slices, requestLimits(slo).length > 0, confidence),
    ...rates(read, slices, confidence),
  }
}

const SHARES = PERCENTILES.map(([, share]) => share)

function latencies(read: Reader, metrics: readonly string[], confidence: number): Estimates {
  const found: Estimates = {}
  for (const name of metrics) {
    const trends = read.trends(name)
    if (trends === undefined) continue
    found[`${name}.avg`] = meanEstimateFromSlices(trends, QUANTILE_GRID, confidence)
    const quantiles = quantileEstimatesFromSlices(
      trends,
      QUANTILE_GRID,
      SHARES,
      confidence,
      isQueued(name),
    )
    PERCENTILES.forEach(([stat], i) => (found[`${name}.${stat}`] = quantiles[i] as Estimate))
  }
  return found
}

/** @param judged whether requests are good or not; if not, none is good */
function shares(
  read: Reader,
  slices: readonly Slice[],
  judged: boolean,
  confidence: number,
): Estimates {
  const found: Estimates = {}
  const failed = read.shares('llm_request_failed')
  const good = read.counts('llm_requests_good')
  const [input, cached] = [read.counts('llm_input_tokens'), read.counts('llm_cached_tokens')]
  if (failed !== undefined) found['errorRate'] = shareEstimateFromSlices(failed, confidence)
  if (judged && failed !== undefined && good !== undefined) {
    const parts = failed.map((part, i) => ({ ...part, hits: good[i] ?? 0 }))
    found['goodShare'] = shareEstimateFromSlices(parts, confidence)
  }
  if (input !== undefined && some(cached)) {
    const parts = slices.map(({ phase }, i) => ({
      phase,
      count: input[i] ?? 0,
      sum: cached[i] ?? 0,
    }))
    found['cachedShare'] = ratioEstimateFromSlices(parts, confidence)
  }
  return found
}

function rates(read: Reader, slices: readonly Slice[], confidence: number): Estimates {
  const amounts = {
    completedPerS: read.counts('llm_requests', COMPLETED),
    goodPerS: read.counts('llm_requests_good'),
    outputTokensPerS: read.counts('llm_output_tokens', COMPLETED),
  }
  // Requests are counted where they were due, tokens where they were received.
  const { completedPerS: due, outputTokensPerS: tokens } = amounts
  const each = due && tokens ? sumOf(tokens) / sumOf(due) : undefined
  return Object.fromEntries(
    Object.entries(amounts).flatMap(([key, own]) => {
      if (!some(own)) return []
      const parts = slices.map(({ phase, startMs, endMs }, i) => ({
        phase,
        lengthMs: endMs - startMs,
        amount: own[i] ?? 0,
        asked: own === tokens && each !== undefined ? each * (due?.[i] ?? 0) : undefined,
      }))
      return [[key, rateEstimateFromSlices(parts, confidence)]]
    }),
  )
}
