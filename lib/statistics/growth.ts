import { longRun, tooShort } from './long-run.ts'
import { partsOf } from './spectrum.ts'
import { studentQuantile } from './student.ts'
import { remembersTooLong } from './worth.ts'

/** A queue that keeps within bounds is taken for one that grows in half as many runs as this, and fewer. */
const LEVEL = 0.001
/** Share of what came that a queue must keep to be worth a word. */
const LEAST = 0.1
/** Share of the growth that must lie in the later half: a server that fills up has all of it in the first. */
const LATER = 0.25

/** Cells of time over which arrivals and departures are counted. */
const CELLS = 128

/**
 * How many of the times lie in each of equal cells of a stretch: what {@link queueGrows} takes.
 * @param stretch its end is outside
 */
export function countedInCells(
  timesMs: Iterable<number>,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): number[] {
  const counts = new Array<number>(CELLS).fill(0)
  for (const ms of timesMs) {
    if (ms < startMs || ms >= endMs) continue
    counts[Math.floor((CELLS * (ms - startMs)) / (endMs - startMs))]!++
  }
  return counts
}

/**
 * Whether a queue grows all along: more comes than goes, by more than chance.
 *
 * As long as a queue is not empty, what it gains is a random walk. Where the server keeps up, its steps are 0 in the
 * mean or less; so Student's t of their mean, with the long-run variance of their sum, tells whether it does not. That
 * variance is taken to be no less than that of Poisson arrivals.
 * @param came arrivals per cell of time; cells are of equal length, in order; at least 8
 * @param went departures per cell
 */
export function queueGrows(came: ArrayLike<number>, went: ArrayLike<number>): boolean {
  const steps = Float64Array.from(came, (n, i) => n - (went[i] as number))
  const arrivals = sumOf(Float64Array.from(came))
  const growth = sumOf(steps)
  if (growth <= LEAST * arrivals) return false
  if (sumOf(steps.subarray(steps.length >> 1)) < LATER * growth) return false
  const mean = growth / steps.length
  const parts = partsOf(
    steps.map((step) => step - mean),
    [{ cells: steps.length, samples: steps.length }],
  )
  if (tooShort(parts) || parts.some(remembersTooLong)) return false
  const { variance, df } = longRun(
    parts,
    parts.map(({ memory }) => memory.correlation),
  )
  return growth > studentQuantile(LEVEL, df) * Math.sqrt(Math.max(variance, arrivals))
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
