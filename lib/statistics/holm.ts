/**
 * Holm's step-down correction: when every test with an adjusted p-value of at most alpha is called a
 * finding, the probability of even one false finding is at most alpha, however the tests depend on each other.
 * @param ps p-values; the caller leaves out tests that could not be made
 * @returns adjusted p-values in the same order, at most 1
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => (ps[a] as number) - (ps[b] as number))
  const adjusted = ps.map(() => 1)
  let largest = 0
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * (ps[index] as number)))
    adjusted[index] = largest
  })
  return adjusted
}
