/**
 * Number of edits (insert, delete, replace) between two texts (Levenshtein); stops counting beyond `most`.
 *
 * @returns the distance, or `most + 1` when it is larger
 */
export function editDistance(a: string, b: string, most: number): number {
  const beyond = most + 1
  if (Math.abs(a.length - b.length) > most) return beyond
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = new Array<number>(b.length + 1).fill(beyond)
    let least = (next[0] = i)
    // Cells further from the diagonal take more than `most` edits by the lengths alone.
    const last = Math.min(b.length, i + most)
    for (let j = Math.max(1, i - most); j <= last; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const cell = (next[j] = Math.min(replaced, row[j]! + 1, next[j - 1]! + 1))
      if (cell < least) least = cell
    }
    if (least > most) return beyond
    row = next
  }
  return Math.min(row[b.length]!, beyond)
}
