import { percentile } from '../../statistics/index.ts'
import { duration, signedPercent } from '../../tables/index.ts'
import type { Figure, RunInfo, SliceReport, SteadinessReport } from '../../results/index.ts'

/** Fewest slices with which the trend test can reach its level. */
const FEWEST = 6
/** Level of the trend test, and the change below which a drift does not matter in practice. */
const LEVEL = 0.01
const EFFECT = 0.1
/** What is left after cutting has too few slices to reach that level, so it may not even hint at a trend. */
const HINT = 0.2

type Subject = SteadinessReport['subject']
const SUBJECTS: readonly { subject: Subject; of: (slice: SliceReport) => Figure }[] = [
  { subject: 'TTFT', of: (slice) => slice.ttft.p50 },
  { subject: 'TPOT', of: (slice) => slice.tpot.p50 },
  { subject: 'cached share', of: (slice) => slice.cachedShare },
]

/**
 * Whether TTFT, TPOT and the cached share of the input were steady in each measured phase of constant
 * load (not in a spike or its recovery, which move by nature). Over the medians of the slices:
 * - drift: a Mann-Kendall trend test (exact, two-sided, 1 %) and a Theil-Sen change of more than 10 %
 *   over the phase;
 * - a moving start: first slices, from the very first on, that lie more than 10 % off the median of the
 *   second half, and farther outside its range than that range is wide.
 * For the cached share, 10 % means ten percentage points.
 */
export function steadinessReports(
  run: RunInfo,
  slices: readonly SliceReport[],
): SteadinessReport[] {
  const { phases } = run.plan
  const steady = phases.filter(
    (p) => (p.role === 'main' || p.role === 'baseline') && p.from === p.to,
  )
  return steady.flatMap((phase) => {
    const own = slices.filter((slice) => slice.phase === phase.name)
    const first = phases.every((p) => !p.measured || p.startMs >= phase.startMs)
    return SUBJECTS.flatMap(({ subject, of }): SteadinessReport[] => {
      const known = own.flatMap((slice) => {
        const value = of(slice)
        return value === null ? [] : [{ value, startMs: slice.startMs }]
      })
      if (known.length === 0 && subject === 'cached share') return []
      const values = known.map((slice) => slice.value)
      const absolute = subject === 'cached share'
      const base = { phase: phase.name, subject, slices: known.length, moving: 0 }
      if (values.length < FEWEST) {
        const advice = `${values.length} slices with figures, the test needs ${FEWEST}`
        return [{ ...base, status: 'no_value', change: null, p: null, advice }]
      }
      const { change, p } = trendOfMedians(values, absolute)
      const moving = settledFrom(values, absolute)
      if (moving === 0) return [{ ...base, status: 'steady', change, p, advice: '' }]
      if (moving === undefined) {
        const advice = endlessAdvice(phase.endMs - phase.startMs, change)
        return [{ ...base, status: 'not_steady', change, p, advice }]
      }
      const startMs = Math.ceil((known[moving]?.startMs ?? phase.startMs) / 1000) * 1000
      const advice = first
        ? `WARMUP=${duration(startMs)} would leave its first ${moving} slices out`
        : `leave out its first ${duration(startMs - phase.startMs)}`
      const offset = offsetOf(values, moving, absolute)
      return [{ ...base, status: 'not_steady', change: offset, p, moving, advice }]
    })
  })
}

function endlessAdvice(lengthMs: number, change: number): string {
  return (
    `still moving at the end (${signedPercent(change)} over the phase): ` +
    `DURATION=${duration(Math.ceil((2 * lengthMs) / 1000) * 1000)} would tell a slow start from a load that the server cannot sustain`
  )
}

/** Number of first slices to leave out so that the rest is steady; undefined if no number would do. */
export function settledFrom(values: readonly number[], absolute = false): number | undefined {
  const off = startsOff(values, absolute)
  if (off === 0 && !moves(values, absolute, LEVEL)) return 0
  const most = Math.min(Math.floor(values.length / 2), values.length - 4)
  for (let skip = Math.max(1, off); skip <= most; skip++) {
    const rest = values.slice(skip)
    if (!moves(rest, absolute, HINT) && startsOff(rest, absolute) === 0) return skip
  }
  return undefined
}

/** Change over the whole (Theil-Sen slope), relative to the median or absolute; and the test's p-value. */
export function trendOfMedians(
  values: readonly number[],
  absolute = false,
): { change: number; p: number } {
  const slopes: number[] = []
  let s = 0
  for (let i = 0; i < values.length; i++) {
    for (let j = i + 1; j < values.length; j++) {
      const rise = (values[j] as number) - (values[i] as number)
      slopes.push(rise / (j - i))
      s += Math.sign(rise)
    }
  }
  const scale = absolute ? 1 : median(values)
  const change = scale === 0 ? 0 : (median(slopes) * (values.length - 1)) / scale
  return { change, p: mannKendallP(values.length, Math.abs(s)) }
}

/**
 * Exact two-sided p-value of Mann-Kendall's S: the share of orders of n distinct values with at least
 * this |S|, from the number of orders with k inversions (S = pairs - 2k).
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

function moves(values: readonly number[], absolute: boolean, level: number): boolean {
  const { change, p } = trendOfMedians(values, absolute)
  return p < level && Math.abs(change) > EFFECT
}

/** How many first values in a row lie off the second half. */
function startsOff(values: readonly number[], absolute: boolean): number {
  const half = Math.floor(values.length / 2)
  const later = values.slice(half)
  const [low, high, middle] = [Math.min(...later), Math.max(...later), median(later)]
  const far = (value: number) =>
    Math.max(low - value, value - high) > high - low &&
    Math.abs(value - middle) > EFFECT * (absolute ? 1 : Math.abs(middle))
  const first = values.findIndex((value) => !far(value))
  return Math.min(half, first < 0 ? half : first)
}

function offsetOf(values: readonly number[], moving: number, absolute: boolean): number {
  const rest = median(values.slice(moving))
  const off = median(values.slice(0, moving)) - rest
  return absolute ? off : rest === 0 ? 0 : off / rest
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5) ?? 0
}
