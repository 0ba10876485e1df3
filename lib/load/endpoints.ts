import type { WeightedEndpoint } from '../config/index.ts'
import { placeOf } from './evenly.ts'

/** 2^32 / golden ratio: no other root spreads more evenly. */
const GOLDEN = 0x9e3779b9

/**
 * The endpoint of request n: in any stretch of the run, shares match the weights to within about one
 * request, and they are the same under every execution segment, see `placeOf`.
 *
 * @param endpoints at least one
 * @param seed of the run
 * @param n number of the request
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
  let rest = placeOf(GOLDEN, seed, n) * total
  for (const endpoint of endpoints) {
    rest -= endpoint.weight
    if (rest < 0) return endpoint
  }
  return endpoints[endpoints.length - 1] as WeightedEndpoint
}
