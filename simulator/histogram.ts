/** A Prometheus histogram: a count per bucket, the sum and the count. */
export interface Histogram {
  observe(value: number, times?: number): void
  /** Lines of the text exposition format. */
  expose(name: string, labels: string): string[]
  /** Linear inside the bucket that holds it; undefined without samples. */
  quantile(q: number): number | undefined
  readonly count: number
  reset(): void
}

/** @param bounds upper bounds, ascending, without +Inf */
export function createHistogram(bounds: readonly number[]): Histogram {
  const counts = new Array<number>(bounds.length + 1).fill(0)
  let sum = 0
  let count = 0
  return {
    observe(value, times = 1) {
      let i = 0
      while (i < bounds.length && value > bounds[i]!) i++
      counts[i]! += times
      sum += value * times
      count += times
    },
    expose(name, labels) {
      const lines: string[] = []
      let below = 0
      for (let i = 0; i <= bounds.length; i++) {
        below += counts[i]!
        const le = i === bounds.length ? '+Inf' : String(bounds[i])
        lines.push(`${name}_bucket{${labels},le="${le}"} ${below}`)
      }
      lines.push(`${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${count}`)
      return lines
    },
    quantile(q) {
      if (count === 0) return undefined
      const rank = q * count
      let below = 0
      for (let i = 0; i < bounds.length; i++) {
        const inside = counts[i]!
        if (below + inside >= rank && inside > 0) {
          const from = i === 0 ? 0 : bounds[i - 1]!
          return from + ((bounds[i]! - from) * (rank - below)) / inside
        }
        below += inside
      }
      return Infinity
    },
    get count() {
      return count
    },
    reset() {
      counts.fill(0)
      sum = 0
      count = 0
    },
  }
}
