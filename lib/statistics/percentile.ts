/**
 * Percentile as k6 computes it (TrendSink.P): linear interpolation at p * (n - 1).
 * @param values in any order, not changed
 * @param p 0-1
 * @returns undefined without values
 */
export function percentile(values: readonly number[], p: number): number | undefined {
  if (values.length === 0) return undefined
  const sorted = [...values].sort((a, b) => a - b)
  const at = p * (sorted.length - 1)
  const low = sorted[Math.floor(at)] as number
  const high = sorted[Math.ceil(at)] as number
  return low + (high - low) * (at - Math.floor(at))
}
