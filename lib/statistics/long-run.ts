import type { Memory } from './correlation.ts'
import { studentQuantile } from './student.ts'

/** What is known of the sums of a series over a stretch of the plan, in equal cells of time. */
export interface Part {
  readonly cells: number
  readonly samples: number
  readonly memory: Memory
  /** Of the longest waves, see {@link squaresOf}. */
  readonly squares: Float64Array
}

/** Variance of a sum whose terms depend on each other, and how well it is known. */
export interface LongRun {
  readonly variance: number
  /** Degrees of freedom of the variance, for Student's t. */
  readonly df: number
  /** Samples of the stretches, each as far as the variance comes from it; as a share of all. */
  readonly share: number
}

/** Numbers of waves that the variance is taken from; the one that gives the widest interval counts. */
const WAVES = [6, 12, 24]
export const MOST_WAVES = 24
/** Level at which intervals are compared: whatever level is asked for, one number of waves is chosen. */
const USUAL_LEVEL = 0.05
/** Fewest cells in all: below them even the longest waves are not told apart. */
const FEWEST_CELLS = 8
/** Fewest cells of a stretch: one alone does not show how it varies. */
const FEWEST_OF_PART = 2

/**
 * Long-run variance of a sum over time by equal-weighted cosines (Müller 2007; Lazarus, Lewis, Stock and
 * Watson, "HAR Inference: Recommendations for Practice", 2018): the terms are projected on the B longest
 * cosine waves over the run. Of a series without a trend whose memory is shorter than the waves, each
 * square is an estimate of the variance with one degree of freedom, so Student's t with B holds, without
 * further allowance for what is not known of the variance (Kiefer and Vogelsang 2005).
 *
 * Few waves see long memory, many give narrow intervals. Of several numbers of waves, the one with the
 * widest interval is taken: where terms are independent they agree, and a trend or a memory as long as
 * the run makes the longest waves win. What waves miss of a memory is given back as for an autocorrelation
 * exp(-t / memory), whose spectrum falls as 1 / (1 + (π · wave · memory / length)²).
 *
 * Stretches of the plan have waves of their own; their variances add up, with the degrees of freedom of
 * Satterthwaite (1946).
 * @param memories correlation time of each stretch, in its cells
 * @param numbers of waves, ascending
 */
export function longRun(
  parts: readonly Omit<Part, 'memory'>[],
  memories: readonly number[],
  numbers: readonly number[] = WAVES,
): LongRun {
  const all = parts.reduce((sum, { samples }) => sum + samples, 0)
  let widest: LongRun = { variance: 0, df: 1, share: 1 }
  let width = -1
  for (const waves of numbers) {
    // More waves than there are change nothing.
    if (width >= 0 && parts.every((part) => part.squares.length < waves)) break
    let [variance, perFreedom, inShare] = [0, 0, 0]
    parts.forEach((part, i) => {
      const own = partVariance(part, memories[i] as number, waves)
      variance += own.variance
      perFreedom += own.variance ** 2 / own.df
      inShare += (own.variance * part.samples) / all
    })
    const df = perFreedom === 0 ? waves : variance ** 2 / perFreedom
    const squared = studentQuantile(USUAL_LEVEL, df) ** 2 * variance
    if (squared <= width) continue
    width = squared
    widest = { variance, df, share: variance === 0 ? 1 : inShare / variance }
  }
  return widest
}

/** Whether a series has fewer than 8 cells, or a stretch of it fewer than 2. */
export function tooShort(parts: readonly Pick<Part, 'cells'>[]): boolean {
  const cells = parts.reduce((all, part) => all + part.cells, 0)
  return cells < FEWEST_CELLS || parts.some((part) => part.cells < FEWEST_OF_PART)
}

function partVariance(
  { cells, squares }: Pick<Part, 'cells' | 'squares'>,
  memory: number,
  waves: number,
): Pick<LongRun, 'variance' | 'df'> {
  const df = Math.min(waves, squares.length)
  let [sum, seen] = [0, 0]
  for (let wave = 1; wave <= df; wave++) {
    sum += squares[wave - 1] as number
    seen += 1 / (1 + ((Math.PI * wave * memory) / cells) ** 2)
  }
  return { variance: sum / seen, df }
}

/**
 * Twice the squared sums of the cells times each of the longest waves: of independent cells, each is an
 * estimate of the variance of their sum.
 * @param cells sums over equal stretches of time, in order, whose mean is 0
 * @param most waves
 */
export function squaresOf(cells: ArrayLike<number>, most: number): Float64Array {
  // Waves of less than about four cells see the cells more than the series.
  const waves = Math.max(0, Math.min(most, Math.floor(cells.length / 2) + 2, cells.length - 1))
  return Float64Array.from({ length: waves }, (_, i) => 2 * projected(cells, i + 1) ** 2)
}

/** Waves that the longest one is compared with. */
const COMPARED = 8

/**
 * Whether a series drifts: its longest half wave, which rises or falls over the whole run, is larger than
 * the next eight by more than chance. Of a series that does not drift, their squares are alike (see
 * {@link longRun}), so the ratio is Student's t squared.
 * @param cells as for {@link squaresOf}
 * @param level probability of finding a drift where there is none, 0-1
 */
export function drifts(cells: ArrayLike<number>, level: number): boolean {
  const [first = 0, ...others] = squaresOf(cells, 1 + COMPARED)
  const mean = others.reduce((sum, square) => sum + square, 0) / others.length
  return first > studentQuantile(level, COMPARED) ** 2 * mean
}

/** Sum of the cells times a cosine with so many half waves over all of them, by its recurrence. */
function projected(cells: ArrayLike<number>, halfWaves: number): number {
  const step = (Math.PI * halfWaves) / cells.length
  const twice = 2 * Math.cos(step)
  let [before, now] = [Math.cos(-step / 2), Math.cos(step / 2)]
  let sum = 0
  for (let i = 0; i < cells.length; i++) {
    sum += (cells[i] as number) * now
    ;[before, now] = [now, twice * now - before]
  }
  return sum
}
