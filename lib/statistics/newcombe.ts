import type { Estimate } from './estimate.ts'

/**
 * The difference of two shares, one - other, with Newcombe's interval from Wilson's of each (Statistics in Medicine 17,
 * 1998, pp. 873-890 and, for pairs, 2635-2650; method 10 of either).
 * @param phi how far the two go together, -1 to 1; 0 where they are independent
 * @returns undefined where a share has no value
 */
export function newcombe(
  one: Estimate,
  other: Estimate,
  phi: number,
): { value: number; low: number; high: number } | undefined {
  if (one.value === undefined || other.value === undefined) return undefined
  const far = (a: number, b: number) => Math.sqrt(Math.max(0, a * a - 2 * phi * a * b + b * b))
  const value = one.value - other.value
  return {
    value,
    low: value - far(one.value - one.low!, other.high! - other.value),
    high: value + far(one.high! - one.value, other.value - other.low!),
  }
}
