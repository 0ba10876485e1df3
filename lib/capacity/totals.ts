/** Sums over several runs, or over several stretches of them. */
export function totals(parts: readonly { good: number; judged: number }[]): {
  judged: number
  good: number
} {
  let [good, judged] = [0, 0]
  for (const part of parts) {
    good += part.good
    judged += part.judged
  }
  return { judged, good }
}
