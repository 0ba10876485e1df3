import { windowsOf } from '../../../lib/metrics/index.ts'
import {
  meanEstimate,
  meanEstimateFromSlices,
  QUANTILE_GRID,
  quantileEstimates,
  quantileEstimatesFromSlices,
  rateEstimateFromSlices,
} from '../../../lib/statistics/index.ts'
import type { Estimate, RateSlice } from '../../../lib/statistics/index.ts'
import { count, limitOf, none } from './cover.ts'
import type { Coverage, Kind } from './cover.ts'
import { gridSlice, indexOf, valuesOf } from './figures.ts'
import { CAPACITY, play } from './play.ts'
import type { Played } from './play.ts'
import type { Arrivals } from './traffic.ts'

/** A spike that is played over and over, and judged as a whole. */
export interface SpikeCell {
  readonly arrivals: Arrivals
  /** Use of the server before and after the spike, and in it. */
  readonly use: number
  readonly peak: number
  /** Length of what is measured, s: a third before the spike, a sixth in it, half of it after it. */
  readonly lengthS: number
}

/** Figures of the whole run. */
export const SPIKE_FIGURES = ['ttft_p50', 'ttft_p95', 'ttft_mean', 'tokens_per_s'] as const
type SpikeFigure = (typeof SPIKE_FIGURES)[number]
type OfSpike<T> = Record<SpikeFigure, T>
export type SpikeCoverages = Record<Kind, OfSpike<Coverage>>

/** The empty server fills up before what is measured. */
const WARM_UP_MS = 10_000
/** Of what is measured. */
const PEAK_SHARE = 1 / 6
/** Cells of each phase that records are summed up over. */
const CELLS = 128
const PS = [0.5, 0.95] as const

interface PhaseOf {
  readonly name: string
  readonly startMs: number
  readonly endMs: number
  readonly use: number
}

/** How often intervals of a whole spike hold what the same plan gives on average. */
export function coverSpikes(cell: SpikeCell, runs: number, truthRuns: number): SpikeCoverages {
  const truth = truthOf(cell, truthRuns)
  const counted: SpikeCoverages = { records: noneOfAll(), slices: noneOfAll() }
  for (let seed = 1; seed <= runs; seed++) {
    const run = playSpike(cell, seed)
    const found = { records: fromRecords(cell, run), slices: fromSlices(cell, run) }
    for (const kind of ['records', 'slices'] as const)
      for (const figure of SPIKE_FIGURES)
        count(counted[kind][figure], found[kind][figure], truth[figure], limitOf(figure))
  }
  return counted
}

function noneOfAll(): OfSpike<Coverage> {
  return { ttft_p50: none(), ttft_p95: none(), ttft_mean: none(), tokens_per_s: none() }
}

function phasesOf({ use, peak, lengthS }: SpikeCell): PhaseOf[] {
  const at = (share: number) => WARM_UP_MS + 1000 * lengthS * share
  return [
    { name: 'baseline', startMs: at(0), endMs: at(1 / 3), use },
    { name: 'spike', startMs: at(1 / 3), endMs: at(1 / 3 + PEAK_SHARE), use: peak },
    { name: 'recovery', startMs: at(1 / 3 + PEAK_SHARE), endMs: at(1), use },
  ]
}

/** The requests due in what is measured, and the tokens that come meanwhile. */
function playSpike(cell: SpikeCell, seed: number): Played {
  const phases = phasesOf(cell)
  const [from, to] = [WARM_UP_MS, WARM_UP_MS + 1000 * cell.lengthS]
  const useAt = (ms: number) =>
    phases.find(({ startMs, endMs }) => ms >= startMs && ms < endMs)?.use ?? cell.use
  const mean = cell.use + (cell.peak - cell.use) * PEAK_SHARE
  // A fifth above what is due on average by the end, which is many standard deviations.
  const most = Math.ceil(1.2 * CAPACITY[cell.arrivals] * mean * (to / 1000)) + 200
  const played = play(cell.arrivals, useAt, most, seed)
  const [first, end] = [indexOf(played.atMs, from), indexOf(played.atMs, to)]
  const [a, b] = [indexOf(played.stepsMs, from), indexOf(played.stepsMs, to)]
  return {
    atMs: played.atMs.subarray(first, end),
    ttftMs: played.ttftMs.subarray(first, end),
    e2eMs: played.e2eMs.subarray(first, end),
    outputTokens: played.outputTokens.subarray(first, end),
    stepsMs: played.stepsMs.subarray(a, b),
    stepTokens: played.stepTokens.subarray(a, b),
    warmMs: 0,
  }
}

/** The figures of all requests of many runs together, seeded apart from those that are judged. */
function truthOf(cell: SpikeCell, runs: number): OfSpike<number> {
  const ttft: number[] = []
  let tokens = 0
  for (let i = 0; i < runs; i++) {
    const run = playSpike(cell, TRUTH_SEED + i)
    for (const ms of run.ttftMs) ttft.push(ms)
    for (const amount of run.stepTokens) tokens += amount
  }
  const unused = new Float64Array(2)
  const of = valuesOf({
    atMs: unused,
    ttftMs: Float64Array.from(ttft),
    e2eMs: unused,
    outputTokens: unused,
    stepsMs: unused,
    stepTokens: unused,
    warmMs: 0,
  })
  return { ...of, tokens_per_s: tokens / (runs * cell.lengthS) }
}

const TRUTH_SEED = 3_000_003

function fromRecords(cell: SpikeCell, run: Played): OfSpike<Estimate> {
  const phases = phasesOf(cell)
  const phaseOf = (ms: number) => phases.findIndex(({ endMs }) => ms < endMs)
  const ttft = {
    values: run.ttftMs,
    timesMs: run.atMs,
    phases: Uint8Array.from(run.atMs, phaseOf),
    queued: true,
  }
  const [p50, p95] = quantileEstimates(ttft, PS) as [Estimate, Estimate]
  const cells = phases.flatMap(({ name, startMs, endMs }) =>
    Array.from({ length: CELLS }, (_, i) => ({
      phase: name,
      startMs: startMs + ((endMs - startMs) * i) / CELLS,
      endMs: startMs + ((endMs - startMs) * (i + 1)) / CELLS,
    })),
  )
  return {
    ttft_p50: p50,
    ttft_p95: p95,
    ttft_mean: meanEstimate(ttft),
    tokens_per_s: rateEstimateFromSlices(tokensIn(cells, run, run.outputTokens)),
  }
}

function fromSlices(cell: SpikeCell, run: Played): OfSpike<Estimate> {
  const plan = phasesOf(cell).map((phase) => ({ ...phase, measured: true }))
  const windows = windowsOf(plan)
  const slices = windows.map(({ phase, startMs, endMs }) => ({
    ...gridSlice(run.ttftMs.subarray(indexOf(run.atMs, startMs), indexOf(run.atMs, endMs))),
    phase,
  }))
  const [p50, p95] = quantileEstimatesFromSlices(slices, QUANTILE_GRID, PS, 0.95, true) as [
    Estimate,
    Estimate,
  ]
  return {
    ttft_p50: p50,
    ttft_p95: p95,
    ttft_mean: meanEstimateFromSlices(slices, QUANTILE_GRID),
    tokens_per_s: rateEstimateFromSlices(tokensIn(windows, run)),
  }
}

/**
 * Tokens that came in each stretch of time, and those that the requests due there were to bring.
 * @param lengths of the answers; where they are not known, all bring the same
 */
function tokensIn(
  stretches: readonly { phase: string; startMs: number; endMs: number }[],
  { atMs, stepsMs, stepTokens, outputTokens }: Played,
  lengths?: Float64Array,
): RateSlice[] {
  const each = outputTokens.reduce((sum, n) => sum + n, 0) / outputTokens.length
  const within = (
    timesMs: Float64Array,
    fromMs: number,
    toMs: number,
    of: (i: number) => number,
  ) => {
    let amount = 0
    for (let i = indexOf(timesMs, fromMs); i < timesMs.length; i++) {
      if ((timesMs[i] as number) >= toMs) break
      amount += of(i)
    }
    return amount
  }
  return stretches.map(({ phase, startMs, endMs }) => ({
    phase,
    lengthMs: endMs - startMs,
    amount: within(stepsMs, startMs, endMs, (i) => stepTokens[i] as number),
    asked: within(atMs, startMs, endMs, (i) => lengths?.[i] ?? each),
  }))
}
