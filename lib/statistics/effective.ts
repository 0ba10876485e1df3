import { longRun, studentT } from './long-run.ts'

export interface Worth {
  /** Effective number of samples; undefined where it cannot be told. */
  readonly samples: number | undefined
  /** The same, less what the uncertainty of the variance costs. */
  readonly sure: number | undefined
}

/** As many as a normal variable needs: from here on Student's t and the normal distribution agree. */
const MANY = 1e6

/**
 * How many independent samples a series is worth.
 * @param n samples
 * @param residuals sums per cell of time of what is averaged, less its mean; undefined where the samples
 *   are independent
 * @param variance of one sample
 * @param alpha two-sided level
 */
export function effective(
  n: number,
  residuals: ArrayLike<number> | undefined,
  variance: number,
  alpha: number,
): Worth {
  if (residuals === undefined) return { samples: n, sure: n }
  const found = longRun(residuals, alpha)
  if (found === undefined) return { samples: undefined, sure: undefined }
  // Never more than there are: an even pattern may look like more by chance.
  const inflation = Math.max(1, found.variance / (n * variance))
  const student = (studentT(alpha, MANY) / studentT(alpha, found.df)) ** 2
  return { samples: n / inflation, sure: (n / inflation) * student }
}
