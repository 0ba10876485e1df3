/** A look at a run that may end there: when, and how sure a verdict must be to count. */
export interface Look {
  readonly atMs: number
  /** Two-sided confidence of the intervals that the verdicts of this look are made from, 0-1. */
  readonly confidence: number
}

/** Share of the longest run at the first look; each further one comes twice as late. */
const FIRST = 1 / 64

/**
 * When to look at a run that ends as soon as every limit is decided, so that of all looks together at most
 * `error` of the runs decide a limit wrongly. Each look spends of the error as much as it adds of the run
 * (alpha spending: Lan and DeMets, "Discrete sequential boundaries for clinical trials", 1983; linear in
 * time as in Kim and DeMets 1987). The looks' errors add up at most (Bonferroni), whatever the figures do
 * between them, and so do those of several limits.
 *
 * Looks double: what a run can tell changes little between closer ones, and each of them costs.
 * @param longestMs when the run ends at the latest, which is the last look
 * @param limits number of limits that are to be decided
 * @param error probability of any wrong decision, 0-1
 */
export function looks(longestMs: number, limits: number, error = 0.05): Look[] {
  const found: Look[] = []
  let before = 0
  for (let share = FIRST; share <= 1; share *= 2) {
    // A wrong verdict lies beyond one of the two bounds, but which one is not known before the run.
    const alpha = (error * (share - before)) / Math.max(1, limits)
    found.push({ atMs: share * longestMs, confidence: 1 - alpha })
    before = share
  }
  return found
}
