import { drifts, longRun } from './long-run.ts'
import { partsOf } from './spectrum.ts'
import { studentQuantile } from './student.ts'

/** The part of a series that is steady. */
export interface Steady {
  /** Time of the first value that belongs to it, ms on the series' clock. */
  readonly fromMs: number
  /** Values before it: the start-up transient. 0: the series is steady from its start. */
  readonly cut: number
}

/** Values per batch, as in MSER-5. */
const BATCH = 5
/** A transient must lie this far from chance: MSER has looked at every place where it could end. */
const LEVEL = 0.001
/** Share of the series that a transient may take; what lasts longer is a drift. */
const LATEST = 0.5
/**
 * What is cut, over what MSER finds: it trades the end of a decay for more values. In virtual time the
 * cut alone left a part of the start-up in 12 to 35 % of the runs on a cold server.
 */
const MARGIN = 1.5
/** Cells of the rest, by which its variance is known. */
const CELLS = 32
/** Stretches of a run, the first of which may stand out. */
const STRETCHES = 20
/** Of values that have a logarithm. */
const TINY = 1e-9
/** Numbers of waves for that: with the cells' long memory cut off, more than for intervals. */
const WAVES = [8, 12, 16]
/** Fewest batches: the rest must have more than the longest waves need. */
const FEWEST = 2 * CELLS
/** Fewest values of which {@link steadyFrom} tells anything. */
export const FEWEST_FOR_STEADY = FEWEST * BATCH

/**
 * Where the start-up transient of a series ends, by MSER-5 (White, "An effective truncation heuristic for
 * bias reduction in simulation output", 1997; White, Cobb and Spratt 2000): the cut that leaves the mean
 * of the rest with the least standard error. It is taken on the ranks of the values, because one very slow
 * answer anywhere would else decide it.
 *
 * MSER always finds some place. So the cut counts only where the values before it differ from those after
 * it by more than chance would make them, given how the rest depends on itself; else nothing is cut.
 * @param timesMs ascending
 * @param values of the same length
 * @returns undefined where no steady block is found: too few values, more than half would be
 *   cut, or what is left drifts
 */
export function steadyFrom(
  timesMs: ArrayLike<number>,
  values: ArrayLike<number>,
): Steady | undefined {
  const batches = batchMeans(ranks(values))
  if (batches.length < FEWEST) return undefined
  const found = mserCut(batches)
  const cut =
    differs(batches, found) || towers(values, found * BATCH) ? Math.round(found * MARGIN) : 0
  if (cut > LATEST * batches.length) return undefined
  if (drifts(cellsOfRest(batches, cut), LEVEL)) return undefined
  return { fromMs: timesMs[cut * BATCH] as number, cut: cut * BATCH }
}

/** The number of batches whose removal leaves the least standard error of the mean; at most those of the first half. */
function mserCut(batches: Float64Array): number {
  const n = batches.length
  let [sum, squares] = [0, 0]
  let best = 0
  let least = Infinity
  for (let from = n - 1; from >= 0; from--) {
    const x = batches[from] as number
    sum += x
    squares += x * x
    if (from > LATEST * n) continue
    const left = n - from
    const error = (squares - (sum * sum) / left) / (left * left)
    if (error <= least) [least, best] = [error, from]
  }
  return best
}

/** Whether the mean before the cut differs from that after it. */
function differs(batches: Float64Array, cut: number): boolean {
  if (cut === 0) return false
  const rest = batches.subarray(cut)
  const cells = cellsOfRest(batches, cut)
  const parts = partsOf(cells, [{ cells: CELLS, samples: rest.length }])
  const memories = parts.map(({ memory }) => memory.correlation)
  const found = longRun(parts, memories, WAVES)
  const perBatch = found.variance / rest.length
  const error = Math.sqrt(perBatch * (1 / cut + 1 / rest.length))
  const apart = Math.abs(meanOf(batches.subarray(0, cut)) - meanOf(rest))
  return apart > studentQuantile(LEVEL, found.df) * error
}

/**
 * Whether the first stretch lies above all stretches of the same length after the cut, by as much as the highest of these lies
 * above their median, in logarithms. Of stretches that are alike, any may be the highest: of 20, chance alone would make
 * it the first in 5 % of the runs, and the distance makes that rarer still, however values within a stretch depend on
 * each other.
 */
function towers(values: ArrayLike<number>, cut: number): boolean {
  const length = Math.min(cut, Math.floor(values.length / STRETCHES))
  if (length === 0) return false
  const rest: number[] = []
  for (let from = cut; from + length <= values.length; from += length)
    rest.push(meanOfLogs(values, from, length))
  rest.sort((a, b) => a - b)
  const [middle, highest] = [rest[rest.length >> 1] as number, rest[rest.length - 1] as number]
  return meanOfLogs(values, 0, length) - highest > highest - middle
}

function meanOfLogs(values: ArrayLike<number>, from: number, length: number): number {
  let sum = 0
  for (let i = from; i < from + length; i++) sum += Math.log(Math.max(values[i] as number, TINY))
  return sum / length
}

/** Sums over cells of what is after the cut, less its mean. */
function cellsOfRest(batches: Float64Array, cut: number): Float64Array {
  const rest = batches.subarray(cut)
  const mean = meanOf(rest)
  const cells = new Float64Array(CELLS)
  rest.forEach((x, i) => {
    cells[Math.floor((i * CELLS) / rest.length)]! += x - mean
  })
  return cells
}

function batchMeans(values: Float64Array): Float64Array {
  const means = new Float64Array(Math.floor(values.length / BATCH))
  return means.map((_, i) => meanOf(values.subarray(i * BATCH, (i + 1) * BATCH)))
}

/** Ranks of the values as shares, 0-1; equal values share the mean of their ranks. */
function ranks(values: ArrayLike<number>): Float64Array {
  const n = values.length
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (values[a] as number) - (values[b] as number),
  )
  const found = new Float64Array(n)
  for (let i = 0; i < n;) {
    let end = i + 1
    while (end < n && values[order[end] as number] === values[order[i] as number]) end++
    for (let k = i; k < end; k++) found[order[k] as number] = (i + end) / 2 / n
    i = end
  }
  return found
}

function meanOf(values: Float64Array): number {
  let sum = 0
  for (const x of values) sum += x
  return sum / values.length
}
