/**
 * A sum that is rounded only once, at the end, and is therefore the same in any order of its terms: what
 * several processes add up equals what one would. Shewchuk's partial sums ("Adaptive Precision
 * Floating-Point Arithmetic and Fast Robust Geometric Predicates", 1997), as in Python's `math.fsum`.
 */
export function createSum(): { add(value: number): void; value(): number } {
  /** In increasing size; no two share a bit, and their sum is exact. */
  const partials: number[] = []
  /** Sum of the whole numbers, which needs no partials: nearly all values are counts. */
  let whole = 0

  return {
    add(value) {
      if (Number.isInteger(value) && Math.abs(whole + value) <= Number.MAX_SAFE_INTEGER)
        whole += value
      else put(value)
    },

    value() {
      put(whole)
      whole = 0
      return rounded()
    },
  }

  function put(value: number): void {
    let rest = value
    let kept = 0
    for (const partial of partials) {
      const [large, small] = Math.abs(rest) < Math.abs(partial) ? [partial, rest] : [rest, partial]
      rest = large + small
      const error = small - (rest - large)
      if (error !== 0) partials[kept++] = error
    }
    partials.length = kept
    partials.push(rest)
  }

  function rounded(): number {
    let at = partials.length - 1
    let high = partials[at] ?? 0
    let low = 0
    while (at > 0 && low === 0) {
      const before = high
      const next = partials[--at] as number
      high = before + next
      low = next - (high - before)
    }
    // Halfway between two numbers, the partials below decide which is nearer.
    const below = partials[at - 1] ?? 0
    if ((low < 0 && below < 0) || (low > 0 && below > 0)) {
      const twice = low * 2
      const nearer = high + twice
      if (nearer - high === twice) high = nearer
    }
    return high
  }
}
