import type { CostLine, GpuPrice, TokenPrice, Tokens } from './types.ts'

/** Price of a replica's hour at a price of a GPU's: price · GPUs · (1 + overhead). */
export function replicaHour(gpuHour: number, price: GpuPrice): number {
  return gpuHour * price.gpusPerReplica * (1 + price.overhead)
}

/** Cost of tokens at prices a million of each kind. */
export function tokenCost(tokens: Tokens, price: TokenPrice): number {
  const cached = price.cached === undefined ? 0 : tokens.cached
  const input = (tokens.input - cached) * price.input + cached * (price.cached ?? 0)
  return (input + tokens.output * price.output) / 1e6
}

/**
 * A fleet's cost handed out to parts of its traffic by the work they were: output tokens plus
 * `inputWeight` times the input tokens that were computed (not read from the prefix cache).
 * @param cost of the whole for the time in which `parts` were served
 * @param inputWeight work of an input token against an output token's; prefill is computed many
 *   tokens at a time, so far below 1
 */
export function shareOut(
  cost: number,
  parts: ReadonlyMap<string, Tokens>,
  inputWeight: number,
): CostLine[] {
  const work = (t: Tokens) => t.output + inputWeight * (t.input - t.cached)
  const total = [...parts.values()].reduce((sum, t) => sum + work(t), 0)
  return [...parts].map(([name, tokens]) => {
    const share = total === 0 ? 0 : work(tokens) / total
    return costLine(name, tokens, cost * share, share)
  })
}

/** Cost of parts of the traffic at prices of tokens. */
export function lineItems(parts: ReadonlyMap<string, Tokens>, price: TokenPrice): CostLine[] {
  const costs = [...parts].map(([name, tokens]) => ({
    name,
    tokens,
    cost: tokenCost(tokens, price),
  }))
  const total = costs.reduce((sum, { cost }) => sum + cost, 0)
  return costs.map(({ name, tokens, cost }) =>
    costLine(name, tokens, cost, total === 0 ? 0 : cost / total),
  )
}

/** One line: what a request and a million output tokens cost. */
export function costLine(name: string, tokens: Tokens, cost: number, share: number): CostLine {
  return {
    name,
    requests: tokens.requests,
    outputTokens: tokens.output,
    share,
    perRequest: tokens.requests === 0 ? null : cost / tokens.requests,
    perMillionOutput: tokens.output === 0 ? null : (1e6 * cost) / tokens.output,
  }
}

/** Cost of a million output tokens of a replica at a throughput; null without any. */
export function perMillionAt(hour: number, outputTokensPerS: number): number | null {
  return outputTokensPerS > 0 ? (1e6 * hour) / (3600 * outputTokensPerS) : null
}

/** Energy of an output token: power / throughput, J; null without any. */
export function joulesPerToken(powerW: number, outputTokensPerS: number): number | null {
  return outputTokensPerS > 0 ? powerW / outputTokensPerS : null
}
