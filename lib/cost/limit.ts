import { perMillionAt } from './prices.ts'

/** What a replica can take, for prices at the limit and fleets. */
export interface Limit {
  /** Requests/s that a replica is counted with: the lower end where it is not known exactly. */
  perReplica: number
  /** Output tokens/s of a replica there; null without a completed answer. */
  outputTokensPerS: number | null
  /** Upper end of the capacity's interval, requests/s; null where nobody knows. */
  high: number | null
  /** What speaks against taking the figure as it is; [] for nothing. */
  doubts: readonly string[]
}

/** Price of a million output tokens at the limit: at its lower end, and at its upper one. */
export interface LimitPrice {
  perMillionOutput: number | null
  perMillionOutputAtHigh: number | null
}

/** @param hour price of a replica's hour */
export function limitPrice(
  hour: number,
  { perReplica, outputTokensPerS, high }: Limit,
): LimitPrice {
  return {
    perMillionOutput: perMillionAt(hour, outputTokensPerS),
    // Tokens of a request are the same at either end.
    perMillionOutputAtHigh:
      high === null || outputTokensPerS === null
        ? null
        : perMillionAt(hour, (outputTokensPerS * high) / perReplica),
  }
}
