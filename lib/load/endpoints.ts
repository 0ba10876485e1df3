import type { WeightedEndpoint } from '../config/index.ts'

/** 2^32 / golden ratio: its multiples modulo 2^32 are spread as evenly as possible. */
const GOLDEN = 0x9e3779b9

/**
 * The endpoint of request n. A low-discrepancy sequence (Kronecker's, golden ratio) instead of chance:
 * in any stretch of the run, shares match the weights to within about one request, and they are the
 * same under every execution segment.
 *
 * @param endpoints at least one
 */
export function pickEndpoint(
  endpoints: readonly WeightedEndpoint[],
  seed: number,
  n: number,
): WeightedEndpoint {
  const first = endpoints[0]
  if (first === undefined) throw new RangeError('no endpoint')
  if (endpoints.length === 1) return first
  const total = endpoints.reduce((sum, { weight }) => sum + weight, 0)
  let rest = ((Math.imul(n + (seed | 0), GOLDEN) >>> 0) / 0x100000000) * total
  for (const endpoint of endpoints) {
    rest -= endpoint.weight
    if (rest < 0) return endpoint
  }
  return endpoints[endpoints.length - 1] as WeightedEndpoint
}
