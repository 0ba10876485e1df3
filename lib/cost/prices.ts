import type { CostLine, Ends, Part, Replica, TokenPrice, Tokens, Usage } from './types.ts'

/** Price of a replica-hour from the price of a GPU-hour: price · GPUs · (1 + overhead). */
export function replicaHour(gpuHour: number, { gpus, overhead }: Replica): number {
  return gpuHour * gpus * (1 + overhead)
}

/**
 * Cost of a fleet's traffic from the price of a fleet-hour, in total and by parts. The cost is divided
 * by work: output tokens plus `inputWeight` times the input tokens that were computed (not read from
 * the prefix cache).
 * @param usage what the run used in its measured window
 * @param fleetHour price of one hour of all replicas that served the run
 * @param inputWeight work of an input token relative to an output token; far below 1, since prefill
 *   computes many tokens at a time
 * @returns the total first, then the parts
 */
export function fleetCost(usage: Usage, fleetHour: number, inputWeight: number): CostLine[] {
  const { completedPerS, outputTokensPerS, lengthMs } = usage
  const whole = (fleetHour * lengthMs) / 3_600_000
  const all: CostLine = {
    ...line('all', 'all', usage.total, usage.total.output, whole, 1),
    perRequest: completedPerS ? fleetHour / (3600 * completedPerS) : null,
    perMillionOutput: perMillionAt(fleetHour, outputTokensPerS),
  }
  const work = ({ output, input, cached }: Tokens) => output + inputWeight * (input - cached)
  // Of an overloaded run, requests that were answered after its end cost more than their part of it.
  const times = completedPerS ? (usage.total.requests * 1000) / lengthMs / completedPerS : 1
  return [
    all,
    ...withShares(usage.parts, work).map(({ by, name, tokens, share }) => {
      const part = line(name, by, tokens, tokens.output, whole * share, share)
      return { ...part, perRequest: part.perRequest === null ? null : part.perRequest * times }
    }),
  ]
}

/**
 * Cost of the traffic at prices per token, in total and by parts.
 * @param usage what the run used in its measured window
 * @returns the total first, then the parts
 */
export function tokensCost(usage: Usage, price: TokenPrice): CostLine[] {
  const { total } = usage
  const cost = (tokens: Tokens) => tokenCost(tokens, price)
  const all = line('all', 'all', total, total.billedOutput, cost(total), 1)
  return [
    all,
    ...withShares(usage.parts, cost).map(({ by, name, tokens, share }) =>
      line(name, by, tokens, tokens.billedOutput, cost(tokens), share),
    ),
  ]
}

/** Cost of tokens at prices per million tokens of each kind. */
export function tokenCost(tokens: Tokens, price: TokenPrice): number {
  const cached = price.cached === undefined ? 0 : tokens.cached
  const input = (tokens.input - cached) * price.input + cached * (price.cached ?? 0)
  return (input + tokens.billedOutput * price.output) / 1e6
}

/**
 * Cost of a million output tokens at a throughput; null without output.
 * @param hour price of an hour at that throughput
 */
export function perMillionAt(hour: number, outputTokensPerS: number | null): number | null {
  return outputTokensPerS ? (1e6 * hour) / (3600 * outputTokensPerS) : null
}

/**
 * Interval of the cost of a million output tokens: it falls as the throughput rises.
 * @param within interval of the output tokens/s at that price
 */
export function perMillionWithin(hour: number, within: Ends | undefined): Ends {
  return {
    low: perMillionAt(hour, within?.high ?? null),
    high: perMillionAt(hour, within?.low ?? null),
  }
}

/** Adds each part's share: shares of applications add up to 1, and so do those of models. */
function withShares(
  parts: readonly Part[],
  weight: (tokens: Tokens) => number,
): (Part & { share: number })[] {
  const totals = { application: 0, model: 0 }
  for (const { by, tokens } of parts) totals[by] += weight(tokens)
  return parts.map((part) => {
    const total = totals[part.by]
    return { ...part, share: total === 0 ? 0 : weight(part.tokens) / total }
  })
}

function line(
  name: string,
  by: CostLine['by'],
  { requests }: Tokens,
  outputTokens: number,
  cost: number,
  share: number,
): CostLine {
  return {
    name,
    by,
    requests,
    outputTokens,
    share,
    perRequest: requests === 0 ? null : cost / requests,
    perMillionOutput: outputTokens === 0 ? null : (1e6 * cost) / outputTokens,
  }
}
