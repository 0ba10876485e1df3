import { perMillionAt } from './prices.ts'

/** What a replica can take, for prices at the limit and for fleets. */
export interface Limit {
  /** Requests/s to plan a replica with: the lower end of the interval where it is not known exactly. */
  perReplica: number
  /** Output tokens/s of a replica at that rate; null without a completed answer. */
  outputTokensPerS: number | null
  /** Upper end of the capacity's interval, requests/s; null where it is not known. */
  high: number | null
  /** Reasons not to take the figure at face value; [] for none. */
  doubts: readonly string[]
}

/** Price of a million output tokens at the limit: at the lower and at the upper end of its interval. */
export interface LimitPrice {
  perMillionOutput: number | null
  perMillionOutputAtHigh: number | null
}

/** @param hour price of a replica-hour */
export function limitPrice(
  hour: number,
  { perReplica, outputTokensPerS, high }: Limit,
): LimitPrice {
  return {
    perMillionOutput: perMillionAt(hour, outputTokensPerS),
    // A request has the same number of tokens at either end.
    perMillionOutputAtHigh:
      high === null || outputTokensPerS === null
        ? null
        : perMillionAt(hour, (outputTokensPerS * high) / perReplica),
  }
}
