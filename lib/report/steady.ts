import type { RunInfo, SliceReport, SteadinessReport } from './types.ts'
import { duration, percent } from './format.ts'

/** Fewest slices that the trend test can say anything about at its level. */
const FEWEST = 6
/** Level of the trend test, and the change below which a drift is of no practical weight. */
const LEVEL = 0.01
const EFFECT = 0.1
/** A start-up effect lies this many robust standard deviations off the rest. */
const OFF = 4

/**
 * Whether TTFT and TPOT stood still in each measured phase of constant load (not in a spike or the
 * recovery from it, which move by nature). Over the slices' medians: a Mann-Kendall trend test
 * (exact, two-sided, 1 %) together with a Theil-Sen change of more than 10 % over the phase; and
 * first slices that lie more than 10 % and 4 robust standard deviations (1.4826 MAD) off the rest.
 */
export function steadinessReports(
  run: RunInfo,
  slices: readonly SliceReport[],
): SteadinessReport[] {
  const steady = run.plan.phases.filter(
    (p) => p.measured && p.from === p.to && p.name !== 'spike' && p.name !== 'recovery',
  )
  return steady.flatMap((phase) => {
    const own = slices.filter((slice) => slice.phase === phase.name)
    return (['llm_ttft', 'llm_tpot'] as const).map((metric): SteadinessReport => {
      const known = own.flatMap((slice) => {
        const median = (metric === 'llm_ttft' ? slice.ttft : slice.tpot).p50
        return median === null ? [] : [{ median, startMs: slice.startMs }]
      })
      const base = { phase: phase.name, metric, slices: known.length }
      const medians = known.map((slice) => slice.median)
      if (medians.length < FEWEST) {
        const advice = `${medians.length} slices with figures, the test needs ${FEWEST}`
        return { ...base, status: 'no_value', change: null, p: null, advice }
      }
      const { change, p } = trendOfMedians(medians)
      const skip = settledFrom(medians)
      if (skip === 0) return { ...base, status: 'steady', change, p, advice: '' }
      const advice =
        skip === undefined
          ? endlessAdvice(phase.endMs - phase.startMs, change)
          : `WARMUP=${duration(Math.ceil((known[skip]?.startMs ?? phase.startMs) / 1000) * 1000)} ` +
            'would leave the moving part out'
      return { ...base, status: 'not_steady', change, p, advice }
    })
  })
}

function endlessAdvice(lengthMs: number, change: number): string {
  return (
    `still moving at the end (${change > 0 ? '+' : ''}${percent(change)} over the phase): ` +
    `DURATION=${duration(Math.ceil((2 * lengthMs) / 1000) * 1000)} would tell a slow start from a load that the server cannot sustain`
  )
}

/** Number of first slices to leave out so that the rest stands still; undefined if none would do. */
export function settledFrom(medians: readonly number[]): number | undefined {
  const most = Math.min(Math.floor(medians.length / 2), medians.length - 4)
  for (let skip = 0; skip <= most; skip++) {
    const rest = medians.slice(skip)
    if (!moves(rest) && startsOff(rest) === 0) return skip
  }
  return undefined
}

/** Change over the whole as a share of the median (Theil-Sen slope), and the trend test's p. */
export function trendOfMedians(values: readonly number[]): { change: number; p: number } {
  const slopes: number[] = []
  let s = 0
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) {
      const rise = (values[j] as number) - (values[i] as number)
      slopes.push(rise / (j - i))
      s += Math.sign(rise)
    }
  }
  const middle = median(values)
  const change = middle === 0 ? 0 : (median(slopes) * (values.length - 1)) / middle
  return { change, p: mannKendallP(values.length, Math.abs(s)) }
}

/**
 * Two-sided exact p of Mann-Kendall's S: the share of orders of n distinct values with at least
 * this |S|, by the number of orders with k inversions (S = pairs - 2k).
 */
export function mannKendallP(n: number, absS: number): number {
  const pairs = (n * (n - 1)) / 2
  let shares = [1]
  for (let size = 2; size <= n; size++) {
    const next = new Array<number>(shares.length + size - 1).fill(0)
    shares.forEach((share, k) => {
      for (let more = 0; more < size; more++) next[k + more] = (next[k + more] ?? 0) + share / size
    })
    shares = next
  }
  const p = shares.reduce((sum, share, k) => sum + (Math.abs(pairs - 2 * k) >= absS ? share : 0), 0)
  return Math.min(1, p)
}

function moves(values: readonly number[]): boolean {
  const { change, p } = trendOfMedians(values)
  return p < LEVEL && Math.abs(change) > EFFECT
}

/** How many first values lie off the rest, up to half of them. */
function startsOff(values: readonly number[]): number {
  let off = 0
  for (let first = 1; first <= values.length / 2; first++) {
    const rest = values.slice(first)
    const middle = median(rest)
    const spread = 1.4826 * median(rest.map((value) => Math.abs(value - middle)))
    const far = Math.abs((values[first - 1] as number) - middle)
    if (far > EFFECT * Math.abs(middle) && far > OFF * spread) off = first
  }
  return off
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const high = sorted[half] ?? 0
  return sorted.length % 2 === 1 ? high : ((sorted[half - 1] ?? 0) + high) / 2
}
