import { studentQuantile } from './student.ts'

/** Variance of a sum whose terms depend on each other, and how well it is known. */
export interface LongRun {
  readonly variance: number
  /** Degrees of freedom of the variance, for Student's t. */
  readonly df: number
}

/** Numbers of waves that the variance is taken from; the one that gives the widest interval counts. */
const WAVES = [6, 8, 12, 16, 24, 32]
/** Fewest cells: below them even the longest waves are not told apart. */
export const FEWEST_CELLS = 8

/**
 * Long-run variance of a sum over time by equal-weighted cosines (Müller 2007; Lazarus, Lewis, Stock and
 * Watson, "HAR Inference: Recommendations for Practice", 2018): the terms are projected on the B longest
 * cosine waves over the run. Of a series without a trend whose memory is shorter than the waves, each
 * square is an estimate of the variance with one degree of freedom, so Student's t with B holds.
 *
 * Few waves see long memory, many give narrow intervals. Of several numbers of waves, the one with the
 * widest interval is taken: where terms are independent they agree, and a trend or a memory as long as
 * the run makes the longest waves win.
 * @param cells sums of the terms, whose mean is 0, over equal stretches of time, in order
 * @param alpha two-sided level of the interval
 * @returns undefined with fewer than {@link FEWEST_CELLS}
 */
export function longRun(cells: ArrayLike<number>, alpha: number): LongRun | undefined {
  const count = cells.length
  if (count < FEWEST_CELLS) return undefined
  let widest: LongRun | undefined
  let width = -1
  let sum = 0
  for (let wave = 1; wave <= WAVES[WAVES.length - 1]! && wave < count; wave++) {
    let projection = 0
    for (let i = 0; i < count; i++)
      projection += (cells[i] as number) * Math.cos((Math.PI * wave * (i + 0.5)) / count)
    sum += 2 * projection * projection
    if (!WAVES.includes(wave) || wave > count / 2 + 2) continue
    const found = { variance: sum / wave, df: wave }
    const t = studentT(alpha, wave)
    if (t * t * found.variance > width) {
      width = t * t * found.variance
      widest = found
    }
  }
  return widest
}

/** {@link studentQuantile} with its answers kept: the levels and degrees of freedom are few. */
export function studentT(alpha: number, df: number): number {
  const key = `${alpha} ${df}`
  let found = kept.get(key)
  if (found === undefined) {
    if (kept.size > 1000) kept.clear()
    kept.set(key, (found = studentQuantile(alpha, df)))
  }
  return found
}

const kept = new Map<string, number>()
