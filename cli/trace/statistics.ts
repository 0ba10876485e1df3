import { busiestWindow, lowerBound, type Trace } from '../../lib/traces/index.ts'
import { percentileOf } from '../../lib/statistics/index.ts'

/** Figures of a trace; times in ms, rates in requests/s. */
export interface TraceStatistics {
  requests: number
  durationMs: number
  meanRate: number
  /** Busiest window of `peakWindowMs`, at any place. */
  peakRate: number
  peakWindowMs: number
  peakToMean: number
  /** Standard deviation of the gaps / their mean; of the whole, with its changes of rate. */
  gapCv: number | undefined
  /** As `gapCv`, each gap taken in units of the mean gap of its minute: the burstiness alone. */
  localGapCv: number | undefined
  inputTokens: LengthStatistics
  outputTokens: LengthStatistics
  sessions: number | undefined
  apps: Record<string, number>
  /** Share of the blocks that an earlier request had too: the best that a prefix cache can do. */
  sharedBlocks: number | undefined
}

export interface LengthStatistics {
  mean: number
  p50: number
  p90: number
  p95: number
  p99: number
  max: number
}

function lengthsOf(values: Uint32Array): LengthStatistics {
  const sorted = values.slice().sort()
  let sum = 0
  for (const value of sorted) sum += value
  const at = (p: number) => percentileOf(sorted, p) ?? NaN
  return {
    mean: sum / sorted.length,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    max: sorted[sorted.length - 1] ?? NaN,
  }
}

/** Coefficient of variation (population) of values that come one after another (Welford). */
export function variation() {
  let count = 0
  let mean = 0
  let squares = 0
  return {
    add(value: number) {
      count++
      const off = value - mean
      mean += off / count
      squares += off * (value - mean)
    },
    count: () => count,
    /** Undefined for fewer than two values or a mean of 0. */
    cv: (): number | undefined =>
      count < 2 || mean === 0 ? undefined : Math.sqrt(squares / count) / mean,
  }
}

/**
 * Variation of the gaps in units of the mean gap of their window: what is left is how bursty the
 * arrivals are at a given rate. Windows with fewer than 10 requests say nothing about that and are
 * left out.
 */
export function localVariation(atMs: Float64Array, windowMs = 60_000) {
  const gaps = variation()
  const endMs = atMs[atMs.length - 1] ?? 0
  for (let start = 0; start <= endMs; start += windowMs) {
    const first = lowerBound(atMs, start)
    const end = lowerBound(atMs, start + windowMs)
    if (end - first < 10) continue
    const span = (atMs[end - 1] as number) - (atMs[first] as number)
    if (span === 0) continue
    const mean = span / (end - first - 1)
    for (let i = first + 1; i < end; i++) {
      gaps.add(((atMs[i] as number) - (atMs[i - 1] as number)) / mean)
    }
  }
  return gaps
}

/** @param peakWindowMs length over which the peak rate is taken */
export function statisticsOf(trace: Trace, peakWindowMs: number): TraceStatistics {
  const { atMs, rows } = trace
  const durationMs = atMs[rows - 1] ?? 0
  const gaps = variation()
  for (let i = 1; i < rows; i++) gaps.add((atMs[i] as number) - (atMs[i - 1] as number))
  const meanRate = durationMs === 0 ? NaN : (rows / durationMs) * 1000
  const window = Math.min(peakWindowMs, Math.max(1, durationMs))
  const peakRate = (busiestWindow(atMs, window).requests / window) * 1000
  const apps: Record<string, number> = {}
  for (const app of trace.apps ?? []) {
    const name = trace.appNames[app] ?? ''
    apps[name] = (apps[name] ?? 0) + 1
  }
  return {
    requests: rows,
    durationMs,
    meanRate,
    peakRate,
    peakWindowMs: window,
    peakToMean: peakRate / meanRate,
    gapCv: gaps.cv(),
    localGapCv: localVariation(atMs).cv(),
    inputTokens: lengthsOf(trace.inputTokens),
    outputTokens: lengthsOf(trace.outputTokens),
    sessions: trace.sessions ? new Set(trace.sessions.filter((one) => one !== 0)).size : undefined,
    apps,
    sharedBlocks: trace.prefixIds ? sharedShare(trace.prefixIds.values) : undefined,
  }
}

function sharedShare(ids: Float64Array): number | undefined {
  if (ids.length === 0) return undefined
  return 1 - new Set(ids).size / ids.length
}

/** Requests in each of `bins` equal parts of the duration. */
export function ratesOver(atMs: Float64Array, bins: number): number[] {
  const counts = new Array<number>(bins).fill(0)
  const endMs = atMs[atMs.length - 1] ?? 0
  for (const at of atMs) {
    const bin = endMs === 0 ? 0 : Math.min(bins - 1, Math.floor((at / endMs) * bins))
    counts[bin] = (counts[bin] as number) + 1
  }
  return counts
}
