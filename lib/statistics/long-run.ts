import { studentQuantile } from './student.ts'

/** Variance of a sum whose terms depend on each other, and how well it is known. */
export interface LongRun {
  readonly variance: number
  /** Degrees of freedom of the variance, for Student's t. */
  readonly df: number
}

/** Numbers of waves that the variance is taken from; the one that gives the widest interval counts. */
const WAVES = [8, 12, 16, 24, 32]
/** Level at which intervals are compared: whatever level is asked for, one number of waves is chosen. */
const USUAL_LEVEL = 0.05
/** Fewest cells: below them even the longest waves are not told apart. */
const FEWEST_CELLS = 8

/**
 * Long-run variance of a sum over time by equal-weighted cosines (Müller 2007; Lazarus, Lewis, Stock and
 * Watson, "HAR Inference: Recommendations for Practice", 2018): the terms are projected on the B longest
 * cosine waves over the run. Of a series without a trend whose memory is shorter than the waves, each
 * square is an estimate of the variance with one degree of freedom, so Student's t with B holds.
 *
 * Few waves see long memory, many give narrow intervals. Of several numbers of waves, the one with the
 * widest interval is taken: where terms are independent they agree, and a trend or a memory as long as
 * the run makes the longest waves win. What waves miss of a memory is given back as for an autocorrelation
 * exp(-t / memory), whose spectrum falls as 1 / (1 + (π · wave · memory / length)²).
 * @param cells sums of the terms, whose mean is 0, over equal stretches of time, in order
 * @param memory correlation time in cells, see {@link correlationCells}
 * @returns undefined with fewer than 8 cells
 */
export function longRun(cells: ArrayLike<number>, memory: number): LongRun | undefined {
  const count = cells.length
  if (count < FEWEST_CELLS) return undefined
  // Waves of less than about four cells see the cells more than the series.
  const most = Math.floor(count / 2) + 2
  const waves = most < WAVES[0]! ? [most] : WAVES.filter((each) => each <= most)
  let widest: LongRun | undefined
  let width = -1
  let [sum, seen] = [0, 0]
  for (let wave = 1; wave <= (waves.at(-1) as number); wave++) {
    const projection = projected(cells, wave)
    sum += 2 * projection * projection
    seen += 1 / (1 + ((Math.PI * wave * memory) / count) ** 2)
    if (!waves.includes(wave)) continue
    const variance = sum / seen
    const squared = studentQuantile(USUAL_LEVEL, wave) ** 2 * variance
    if (squared <= width) continue
    width = squared
    widest = { variance, df: wave }
  }
  return widest
}

/** Waves that the longest one is compared with. */
const COMPARED = 8

/**
 * Whether a series drifts: its longest half wave, which rises or falls over the whole run, is larger than
 * the next eight by more than chance. Of a series that does not drift, their squares are alike (see
 * {@link longRun}), so the ratio is Student's t squared.
 * @param cells as for {@link longRun}
 * @param level probability of finding a drift where there is none, 0-1
 */
export function drifts(cells: ArrayLike<number>, level: number): boolean {
  let others = 0
  for (let wave = 2; wave < 2 + COMPARED; wave++) others += projected(cells, wave) ** 2 / COMPARED
  return projected(cells, 1) ** 2 > studentQuantile(level, COMPARED) ** 2 * others
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
