import { memoryOf } from './correlation.ts'
import { inStrata } from './strata.ts'
import type { Strata, Stratum } from './strata.ts'
import { MOST_WAVES, squaresOf } from './long-run.ts'
import type { Part } from './long-run.ts'

/** What intervals need to know of a series of samples: how much one varies, and how they depend on each other. */
export interface Spectrum {
  /** Variance of one sample. */
  readonly variance: number
  readonly parts: readonly Part[]
}

/**
 * @param residuals sum of the samples' distances from their mean, per cell of time
 * @param variance of one sample
 */
export function spectrumOf(
  residuals: ArrayLike<number>,
  variance: number,
  strata: Strata,
): Spectrum {
  return { variance, parts: partsOf(residuals, strata) }
}

/** @param residuals as for {@link spectrumOf} */
export function partsOf(residuals: ArrayLike<number>, strata: Strata): Part[] {
  return inStrata(residuals, strata).map((cells, i) => ({
    cells: cells.length,
    samples: (strata[i] as Stratum).samples,
    memory: memoryOf(cells),
    squares: squaresOf(cells, MOST_WAVES),
  }))
}
