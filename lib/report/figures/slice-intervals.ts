import {
  isQueued,
  TREND_GRID,
  requestLimits,
  selector,
  slicedLatencies,
} from '../../metrics/index.ts'
import {
  QUANTILE_GRID,
  meanEstimateFromSlices,
  quantileEstimatesFromSlices,
  rateEstimateFromSlices,
  ratioEstimateFromSlices,
  shareEstimateFromSlices,
} from '../../statistics/index.ts'
import type { Estimate, GridSlice, ShareSlice } from '../../statistics/index.ts'
import type { RunInfo } from '../../results/index.ts'
import type { Summary } from '../summary.ts'
import { CONFIDENCE, PERCENTILES, intervalsOf } from './certainty.ts'
import type { Intervals } from './certainty.ts'
import { playedSlices } from './played-slices.ts'
import type { Slice } from './played-slices.ts'
import { elapsedLoadMs } from './scopes.ts'

type Values = Readonly<Record<string, number>> | undefined
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
  const phases = [...new Set(slices.map(({ phase }) => phase))]
  const of = (own: readonly Slice[]) => intervalsOf(estimatesOf(summary, own, run))
  const each = phases.map((name) => [name, of(slices.filter((one) => one.phase === name))] as const)
  const [only] = each.length === 1 ? each : []
  const byScope = { measured: only?.[1] ?? of(slices), ...Object.fromEntries(each) }
  const some = Object.keys(byScope.measured).length > 0
  return { source: some ? 'slices' : 'none', byScope }
}

/**
 * What the summary holds of a metric in each slice, with its phase, as what differs between phases is no
 * chance; undefined where it lacks a slice.
 */
function createReader(summary: Summary, slices: readonly Slice[]) {
  const each = <T>(
    metric: string,
    of: (values: Values, phase: string) => T | undefined,
    tags: Readonly<Record<string, string>> = {},
  ): T[] | undefined => {
    const parts = slices.flatMap(({ slice, phase }) => {
      const part = of(summary.metrics.get(selector(metric, { ...tags, slice }))?.values, phase)
      return part === undefined ? [] : [part]
    })
    return parts.length > 0 && parts.length === slices.length ? parts : undefined
  }
  return {
    trends: (metric: string) => each(metric, trendSlice),
    counts: (metric: string, tags?: Readonly<Record<string, string>>) =>
      each(metric, (values) => values?.['count'], tags),
    shares: (metric: string) => each(metric, shareSlice),
  }
}

type Reader = ReturnType<typeof createReader>

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

const COMPLETED = { outcome: 'completed' }

/** Whether anything was counted: a metric that this run does not have is 0 in every slice. */
function sumOf(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

function some(counts: readonly number[] | undefined): counts is readonly number[] {
  return counts?.some((count) => count > 0) === true
}

/** Undefined where the summary lacks a statistic of a trend that has samples. */
function trendSlice(values: Values, phase: string): GridSlice | undefined {
  const { count, avg = NaN } = values ?? {}
  if (values === undefined || count === undefined) return undefined
  if (count === 0) return { count, sum: 0, quantiles: [], phase }
  const quantiles = TREND_GRID.map(({ stat }) => values[stat] ?? NaN)
  const sum = avg * count
  return [sum, ...quantiles].some(Number.isNaN) ? undefined : { count, sum, quantiles, phase }
}

function shareSlice(values: Values, phase: string): ShareSlice | undefined {
  const { passes, fails } = values ?? {}
  if (passes === undefined || fails === undefined) return undefined
  return { count: passes + fails, hits: passes, phase }
}
