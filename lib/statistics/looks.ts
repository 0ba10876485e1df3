/** A look at a run that may end there: when, and how sure a verdict must be to count. */
export interface Look {
  readonly atMs: number
  /** Two-sided confidence of the intervals that the verdicts of this look are made from, 0-1. */
  readonly confidence: number
}

/**
 * When to look, as a share of the longest run, and the share of the error that is spent there. Looks double at
 * first: what a run can tell changes little between closer ones, and each of them costs. A percentile beyond its limit shows early
 * and clearly, so the first looks need little. Whether a p99 keeps a limit takes a number of requests that grows as
 * the error falls, so the looks from a quarter to half of the run spend most, and one more lies between them: with it,
 * runs under bursts with a p99 at half its limit take 46 % of the longest time, not 52.
 */
const PLAN = [
  { share: 1 / 64, error: 0.01 },
  { share: 1 / 32, error: 0.02 },
  { share: 1 / 16, error: 0.02 },
  { share: 1 / 8, error: 0.05 },
  { share: 1 / 4, error: 0.2 },
  { share: 3 / 8, error: 0.25 },
  { share: 1 / 2, error: 0.3 },
  { share: 1, error: 0.15 },
] as const

/**
 * When to look at a run that ends as soon as every limit is decided, so that of all looks together at most
 * `error` of the runs decide a limit wrongly. The plan of what is spent when is made before the run (alpha
 * spending: Lan and DeMets, "Discrete sequential boundaries for clinical trials", 1983). The looks' errors add up
 * at most (Bonferroni), whatever the figures do between them, and so do those of several limits. The interval of
 * the look that ends the run is a repeated confidence interval (Jennison and Turnbull, 1989): it may be
 * reported as it is, however the end came about.
 * @param longestMs when the run ends at the latest, which is the last look
 * @param limits number of limits that are to be decided
 * @param error probability of any wrong decision, 0-1
 */
export function looks(longestMs: number, limits: number, error = 0.05): Look[] {
  return PLAN.map(({ share, error: part }) => {
    // A figure that keeps its limit in truth can only be called missed, by the lower bound, and one that misses it
    // only kept, by the upper: of an interval, one side can err, and the other costs nothing.
    const oneSided = (error * part) / Math.max(1, limits)
    return { atMs: share * longestMs, confidence: 1 - 2 * oneSided }
  })
}
