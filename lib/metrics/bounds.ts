/** What a run may spend, and what tokens cost; a bound that is not set does not exist. */
export interface Bounds {
  readonly requests?: number | undefined
  readonly outputTokens?: number | undefined
  readonly spend?: number | undefined
  /** Prices of a million tokens, in the currency of `spend`. */
  readonly inputPrice?: number | undefined
  readonly outputPrice?: number | undefined
}

/** A bound: the variable that sets it, and the counter whose sum it is on. */
export interface Bound {
  variable: 'MAX_REQUESTS' | 'MAX_OUTPUT_TOKENS_TOTAL' | 'MAX_SPEND'
  metric: 'llm_requests_started' | 'llm_output_tokens' | 'llm_spend'
  limit: number
}

export function boundsSet({ requests, outputTokens, spend }: Bounds): Bound[] {
  const all = [
    { variable: 'MAX_REQUESTS', metric: 'llm_requests_started', limit: requests },
    { variable: 'MAX_OUTPUT_TOKENS_TOTAL', metric: 'llm_output_tokens', limit: outputTokens },
    { variable: 'MAX_SPEND', metric: 'llm_spend', limit: spend },
  ] as const
  return all.flatMap((bound) =>
    bound.limit === undefined ? [] : [{ ...bound, limit: bound.limit }],
  )
}

/** k6's threshold that ends a run at a bound: how stock k6 keeps it, within the 2 s after which k6 judges. */
export function boundExpression({ limit }: Bound): string {
  return `count<${limit}`
}

/**
 * What a request costs. A refused one (any status but 2xx, or never sent) costs nothing; of one that broke
 * off, the server's bill is not known: the tokens that were asked of it as input, and those received.
 * @param askedInput input tokens that were aimed at, for where the server counts none
 */
export function spendOf(
  request: {
    readonly outcome: string
    readonly marks: { readonly sentMs: number | undefined }
    readonly usage: { readonly input: number | undefined } | undefined
    readonly outputTokens: number
  },
  askedInput: number | undefined,
  { inputPrice = 0, outputPrice = 0 }: Bounds,
): number {
  if (request.marks.sentMs === undefined || request.outcome === 'http_error') return 0
  const input = request.usage?.input ?? askedInput ?? 0
  return (input * inputPrice + request.outputTokens * outputPrice) / 1e6
}
