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
 * The next gap that is kept: each is, independently, with probability p. Draws the length of the skip between
 * two kept gaps (geometric distribution) rather than a number per gap, as most are left out in long runs.
 *
 * @param after index of the one kept last; -1 before the first
 * @param random uniform in [0, 1)
 */
export function nextGap(after: number, p: number, random: () => number): number {
  if (p >= 1) return after + 1
  return p > 0 ? after + 1 + Math.floor(Math.log(1 - random()) / Math.log1p(-p)) : Infinity
}
