import { memoryOf } from './correlation.ts'
import { longRun } from './long-run.ts'
import { studentQuantile } from './student.ts'

/** A series of samples summed up over equal stretches of time. */
export interface Series {
  /** Sum of the samples' distances from their mean, per stretch. */
  readonly residuals: ArrayLike<number>
  /** Variance of one sample. */
  readonly variance: number
}

/** How much a series of dependent samples is worth. */
export interface Worth {
  /** As many independent samples would tell as much. */
  readonly samples: number
  /** The same, less what is not known about it: what intervals are made from. */
  readonly sure: number
}

/**
 * Variances are taken to be this many times what a run shows. A queue's quiet runs look surest and lie
 * furthest from the truth: without it, in virtual time at 80 % use, intervals of p95 from 2,000 requests
 * covered it in 87 % of the runs that gave one, with it in 97 %.
 */
export const CAUTION = 2
/** Longest memory, as a share of the run, of which the run shows enough. */
export const LONGEST_MEMORY = 0.02
/** Fewest effective samples: with fewer, the run has seen too few of the server's ups and downs. */
const LEAST = 40

/**
 * The worth of samples of `own`, by the greatest dependence among it and the series beside it. How rare
 * answers depend on each other shows too seldom in one run; the same queue makes common ones depend on
 * each other, and that is seen.
 * @param n samples
 * @param beside other series of the same samples
 * @param alpha two-sided level
 * @returns undefined where the run is too short to tell
 */
export function worthOf(
  n: number,
  own: Series,
  beside: readonly Series[],
  alpha: number,
): Worth | undefined {
  const all = [own, ...beside].filter(({ variance }) => variance > 0)
  const memories = all.map(({ residuals }) => memoryOf(residuals))
  const cells = own.residuals.length
  if (memories.some(({ slow }) => slow > LONGEST_MEMORY * cells)) return undefined
  const memory = memories.reduce((most, { correlation }) => Math.max(most, correlation), 0)
  // Never worth more than there are: an even pattern may look like that by chance.
  let inflation = 1
  let df: number | undefined
  for (const { residuals, variance } of all) {
    const found = longRun(residuals, memory)
    if (found === undefined) return undefined
    df ??= found.df
    inflation = Math.max(inflation, found.variance / (n * variance))
  }
  const samples = n / inflation
  if (samples < LEAST) return undefined
  return { samples, sure: (samples / CAUTION) * studentShare(alpha, df) }
}

/** By what the uncertainty of a variance lowers a number of samples: normal over Student's quantile, squared. */
function studentShare(alpha: number, df = MANY): number {
  return (studentQuantile(alpha, MANY) / studentQuantile(alpha, df)) ** 2
}

/** Degrees of freedom from which Student's t and the normal distribution agree. */
export const MANY = 1e6
