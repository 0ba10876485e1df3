/**
 * k6 keeps every value of a Trend and sorts each threshold's sub-metric every two seconds, so gaps
 * (one per token) are sampled; 200,000 of them leave a p99 on 2,000 values beyond it.
 */
export const GAP_BUDGET = 200_000
/**
 * A gap kept costs the client two samples of 4 to 10 us each (k6 2.2, four tags), as much as reading
 * its token does: 500 per second keep that below 1 % of a core, and leave 300 values beyond the p99 of
 * a minute.
 */
export const GAPS_PER_S = 500

/**
 * Probability with which a gap enters the trends, fixed for the whole run: a fixed one leaves
 * percentiles unbiased whatever the load does.
 * @param expectedTokens output tokens that the run is expected to receive
 * @param durationMs length of the load, where the rate is to count too
 * @returns 0-1; 1 for runs within the budgets, else rounded to two digits to be quotable
 */
export function gapSampling(expectedTokens: number, durationMs?: number): number {
  const perS = durationMs === undefined ? Infinity : (GAPS_PER_S * durationMs) / 1000
  const budget = Math.min(GAP_BUDGET, perS)
  if (!(expectedTokens > budget)) return 1
  return Math.max(Number((budget / expectedTokens).toPrecision(2)), 1e-6)
}

/**
 * Calls `use` with the index of each gap kept: independently with probability p. Draws one skip length
 * per kept gap (geometric distribution) rather than one number per gap, as most are left out in long runs.
 * @param count number of gaps
 * @param random uniform in [0, 1)
 */
export function sampleGaps(
  count: number,
  p: number,
  random: () => number,
  use: (index: number) => void,
): void {
  if (!(p > 0)) return
  const logMiss = Math.log1p(-p)
  const skip = () => (p >= 1 ? 0 : Math.floor(Math.log(1 - random()) / logMiss))
  for (let i = skip(); i < count; i += 1 + skip()) use(i)
}
