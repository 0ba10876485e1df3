/**
 * Cells of each stretch of the plan, which follow each other. A spike differs from what is before and after
 * it by intent: that is no chance, and does not count as such.
 */
export type Strata = readonly number[]

/** The stretches of slices that follow each other in the same phase. */
export function strataOf(slices: readonly { readonly phase?: string | undefined }[]): Strata {
  const strata: number[] = []
  slices.forEach(({ phase }, i) => {
    if (i === 0 || phase !== slices[i - 1]?.phase) strata.push(0)
    strata[strata.length - 1]!++
  })
  return strata
}

/** The cells of each stretch, less their mean. */
export function inStrata(cells: ArrayLike<number>, strata: Strata): Float64Array[] {
  let from = 0
  return strata.map((count) => {
    const own = Float64Array.from({ length: count }, (_, i) => cells[from + i] as number)
    from += count
    const mean = own.reduce((sum, x) => sum + x, 0) / count
    return own.map((x) => x - mean)
  })
}
