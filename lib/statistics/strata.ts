/** A stretch of the plan: how many cells of time it is, and how many samples fell into them. */
export interface Stratum {
  readonly cells: number
  readonly samples: number
}

/**
 * The stretches of the plan, which follow each other. A spike differs from what is before and after it by
 * intent: that is no chance, and does not count as such.
 */
export type Strata = readonly Stratum[]

/** The stretches of slices that follow each other in the same phase; of what has no count, each is a sample. */
export function strataOf(
  slices: readonly { readonly phase?: string | undefined; readonly count?: number }[],
): Strata {
  const strata: { cells: number; samples: number }[] = []
  slices.forEach(({ phase, count = 1 }, i) => {
    if (i === 0 || phase !== slices[i - 1]?.phase) strata.push({ cells: 0, samples: 0 })
    const last = strata.at(-1) as { cells: number; samples: number }
    last.cells++
    last.samples += count
  })
  return strata
}

/** The cells of each stretch, less their mean. */
export function inStrata(values: ArrayLike<number>, strata: Strata): Float64Array[] {
  let from = 0
  return strata.map(({ cells }) => {
    const own = Float64Array.from({ length: cells }, (_, i) => values[from + i] as number)
    from += cells
    const mean = own.reduce((sum, x) => sum + x, 0) / cells
    return own.map((x) => x - mean)
  })
}
