/** Values in ascending order; without a comparator, which is ten times as fast for 100,000. */
export function ascending(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort()
}

/**
 * `percentile` of lib/metrics for values that are sorted already.
 * @param p 0-1
 * @returns undefined without values
 */
export function percentileOf(sorted: Float64Array, p: number): number | undefined {
  if (sorted.length === 0) return undefined
  const at = p * (sorted.length - 1)
  const low = sorted[Math.floor(at)] as number
  const high = sorted[Math.ceil(at)] as number
  return low + (high - low) * (at - Math.floor(at))
}
