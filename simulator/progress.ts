/** When the tokens of a request were generated and written, in ms on the driver's clock. */
export interface Progress {
  /** Tokens written, or for an answer that is not streamed generated. */
  readonly count: number
  written(scheduledMs: number, writtenMs: number): void
  unsent(scheduledMs: number): void
  /** An answer that is not streamed: all at once. */
  allWritten(atMs: number): void
  times(of: 'scheduled' | 'written' | 'unsent', convert: (ms: number) => number): number[]
}

/** @param total number of tokens planned: no growing arrays on the way of a token */
export function createProgress(total: number): Progress {
  const scheduled = new Float64Array(total)
  const written = new Float64Array(total)
  const unsent: number[] = []
  let count = 0
  return {
    get count() {
      return count
    },
    written(scheduledMs, writtenMs) {
      scheduled[count] = scheduledMs
      written[count++] = writtenMs
    },
    unsent(scheduledMs) {
      unsent.push(scheduledMs)
    },
    allWritten(atMs) {
      written.fill(atMs, 0, count)
    },
    times(of, convert) {
      if (of === 'unsent') return unsent.map(convert)
      return Array.from((of === 'scheduled' ? scheduled : written).subarray(0, count), convert)
    },
  }
}
