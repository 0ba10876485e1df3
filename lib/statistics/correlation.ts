/** How long a series remembers, in cells of time. */
export interface Memory {
  /** Correlation time: the one-sided integral of the autocorrelation, at least half a cell. */
  readonly correlation: number
  /** How long what is correlated stays so, whatever noise lies over it; 0 where none shows. */
  readonly slow: number
}

/**
 * Memory by the autocorrelations up to the first that is not positive (Geyer, "Practical Markov Chain
 * Monte Carlo", 1992: the initial positive sequence). Independent noise over a slow series, as lengths of
 * answers are over a queue, lowers all autocorrelations alike: over the first of them, the sum of the rest
 * says how long the slow part lasts.
 * @param cells sums over equal stretches of time, whose mean is 0
 */
export function memoryOf(cells: ArrayLike<number>): Memory {
  const count = cells.length
  const variance = product(cells, 0)
  if (variance === 0) return { correlation: 0.5, slow: 0 }
  const first = product(cells, 1) / variance
  let sum = Math.max(0, first)
  for (let lag = 2; lag < count / 2 && sum > 0; lag++) {
    const correlation = product(cells, lag) / variance
    if (correlation <= 0) break
    sum += correlation
  }
  // Of independent cells, the first autocorrelation lies within 2 / √count of 0 in 19 of 20 cases.
  return { correlation: 0.5 + sum, slow: first < 2 / Math.sqrt(count) ? 0 : sum / first }
}

function product(cells: ArrayLike<number>, lag: number): number {
  let sum = 0
  for (let i = lag; i < cells.length; i++) sum += (cells[i] as number) * (cells[i - lag] as number)
  return sum
}
