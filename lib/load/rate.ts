/** Rates for k6, which takes whole numbers per time unit. */
export interface IntegerRates {
  /** The given rates times `unitSeconds`. */
  rates: number[]
  /** k6's `timeUnit`, in seconds. */
  unitSeconds: number
}

/** k6 computes with exact fractions (`big.Rat`), so a long time unit costs no precision. */
const mostDigits = 9

function isWhole(x: number): boolean {
  // Decimals such as 0.1 are not exact in binary: 12.3 * 10 misses 123 by an ulp.
  return Math.abs(x - Math.round(x)) <= 1e-9 * Math.max(1, Math.abs(x))
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}

/**
 * Writes rates as whole numbers over one common time unit: 0.5/s is 1 per 2 s, 12.5/s is 25 per 2 s.
 *
 * @param rates requests/s, not negative
 * @returns exactly the same rates, for decimals of up to nine digits after the point; others are
 *   rounded to nine digits
 */
export function integerRates(rates: readonly number[]): IntegerRates {
  let digits = 0
  while (digits < mostDigits && !rates.every((rate) => isWhole(rate * 10 ** digits))) digits++
  const scaled = rates.map((rate) => Math.round(rate * 10 ** digits))
  const common = scaled.reduce(divisor, 10 ** digits)
  return { rates: scaled.map((rate) => rate / common), unitSeconds: 10 ** digits / common }
}
