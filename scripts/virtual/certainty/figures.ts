import {
  meanEstimate,
  meanEstimateFromSlices,
  percentileOf,
  QUANTILE_GRID,
  quantileEstimatesFromSlices,
  quantileEstimates,
  rateEstimateFromSlices,
} from '../../../lib/statistics/index.ts'
import type { Estimate, GridSlice, RateSlice } from '../../../lib/statistics/index.ts'
import type { Played } from './play.ts'

/** The figures whose intervals are proved. */
export const FIGURES = [
  'ttft_p50',
  'ttft_p95',
  'ttft_p99',
  'ttft_mean',
  'e2e_mean',
  'tokens_per_s',
] as const
export type Figure = (typeof FIGURES)[number]

/** Slices of a phase that a summary of stock k6 keeps at most. */
const SLICES = 12
/** Cells that records are summed up over. */
const CELLS = 128
const PS = [0.5, 0.95, 0.99] as const

/** Intervals of a run, from its single requests. */
export function estimatesOf(run: Played): Record<Figure, Estimate> {
  const { atMs: timesMs } = run
  const ttft = { values: run.ttftMs, timesMs, queued: true }
  const [p50, p95, p99] = quantileEstimates(ttft, PS) as [Estimate, Estimate, Estimate]
  return {
    ttft_p50: p50,
    ttft_p95: p95,
    ttft_p99: p99,
    ttft_mean: meanEstimate(ttft),
    e2e_mean: meanEstimate({ values: run.e2eMs, timesMs }),
    tokens_per_s: rateEstimateFromSlices(tokensOf(run, CELLS, run.outputTokens)),
  }
}

/** Intervals of the same run, from what a summary of stock k6 keeps of it. */
export function estimatesOfSlices(run: Played): Record<Figure, Estimate> {
  const edges = sliceEdges(run)
  const parts = edges.slice(1).map((to, i) => [edges[i] as number, to] as const)
  const grid = (values: Float64Array) => parts.map(([a, b]) => gridSlice(values.subarray(a, b)))
  const [ttft, e2e] = [grid(run.ttftMs), grid(run.e2eMs)]
  const [p50, p95, p99] = quantileEstimatesFromSlices(ttft, QUANTILE_GRID, PS, 0.95, true) as [
    Estimate,
    Estimate,
    Estimate,
  ]
  return {
    ttft_p50: p50,
    ttft_p95: p95,
    ttft_p99: p99,
    ttft_mean: meanEstimateFromSlices(ttft, QUANTILE_GRID),
    e2e_mean: meanEstimateFromSlices(e2e, QUANTILE_GRID),
    tokens_per_s: rateEstimateFromSlices(tokensOf(run, SLICES)),
  }
}

/**
 * Tokens that came in equal stretches of the run, and those that the requests due there were to bring.
 * @param lengths of the answers; where they are not known, all bring the same
 */
function tokensOf(run: Played, slices: number, lengths?: Float64Array): RateSlice[] {
  const { startMs, endMs } = windowOf(run)
  const lengthMs = (endMs - startMs) / slices
  const into = (timesMs: Float64Array, amountOf: (i: number) => number) => {
    const amounts = new Float64Array(slices)
    timesMs.forEach((ms, i) => {
      amounts[Math.min(slices - 1, Math.floor((ms - startMs) / lengthMs))]! += amountOf(i)
    })
    return amounts
  }
  const came = into(run.stepsMs, (i) => run.stepTokens[i] as number)
  const each = came.reduce((sum, n) => sum + n, 0) / run.atMs.length
  const asked = into(run.atMs, (i) => lengths?.[i] ?? each)
  return Array.from(came, (amount, i) => ({ lengthMs, amount, asked: asked[i] as number }))
}

/** The figures themselves, of a run so long that they may be taken for the truth. */
export function valuesOf(run: Played): Record<Figure, number> {
  const ttft = Float64Array.from(run.ttftMs).sort()
  const { startMs, endMs } = windowOf(run)
  const tokens = run.stepTokens.reduce((sum, n) => sum + n, 0)
  return {
    ttft_p50: percentileOf(ttft, 0.5) as number,
    ttft_p95: percentileOf(ttft, 0.95) as number,
    ttft_p99: percentileOf(ttft, 0.99) as number,
    ttft_mean: meanOf(run.ttftMs),
    e2e_mean: meanOf(run.e2eMs),
    tokens_per_s: (1000 * tokens) / (endMs - startMs),
  }
}

/** Requests `from` to `to` as a run of their own, with the tokens that came meanwhile. */
export function stretchOf(run: Played, from: number, to: number): Played {
  const part = (values: Float64Array) => values.subarray(from, to)
  const atMs = part(run.atMs)
  const [a, b] = [atMs[0], atMs[atMs.length - 1]].map((ms) => indexOf(run.stepsMs, ms as number))
  return {
    atMs,
    ttftMs: part(run.ttftMs),
    e2eMs: part(run.e2eMs),
    outputTokens: part(run.outputTokens),
    stepsMs: run.stepsMs.subarray(a, b),
    stepTokens: run.stepTokens.subarray(a, b),
    warmMs: run.warmMs,
  }
}

function windowOf({ atMs }: Played): { startMs: number; endMs: number } {
  return { startMs: atMs[0] as number, endMs: atMs[atMs.length - 1] as number }
}

function sliceEdges(run: Played): number[] {
  const { startMs, endMs } = windowOf(run)
  const at = (i: number) => indexOf(run.atMs, startMs + ((endMs - startMs) * i) / SLICES)
  return Array.from({ length: SLICES + 1 }, (_, i) => (i === SLICES ? run.atMs.length : at(i)))
}

export function gridSlice(values: Float64Array): GridSlice {
  const sorted = Float64Array.from(values).sort()
  return {
    count: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
    quantiles: QUANTILE_GRID.map((p) => percentileOf(sorted, p) ?? 0),
  }
}

/** Index of the first value that is no smaller. */
export function indexOf(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((ascending[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
