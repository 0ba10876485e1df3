import { mix32 } from './random.ts'

/**
 * The item at position n of an endless sequence of shuffles of 0 … size-1: each stretch of `size`
 * positions holds every item once, in an order of its own. Stateless, so any VU or pod can ask for any n.
 *
 * A Feistel network is a bijection on a power of four; results beyond the size follow the cycle until one
 * is inside.
 */
export function shuffled(seed: number, n: number, size: number): number {
  const round = Math.floor(n / size)
  let bits = 1
  while (4 ** bits < size) bits++
  const mask = 2 ** bits - 1
  const key = mix32(mix32(seed) ^ mix32(round + 0x51ed27))
  let place = n - round * size
  do {
    let left = Math.floor(place / (mask + 1))
    let right = place & mask
    for (let i = 0; i < 4; i++) {
      const next = left ^ (mix32(key + Math.imul(right + 1, 0x9e3779b9) + i) & mask)
      left = right
      right = next
    }
    place = left * (mask + 1) + right
  } while (place >= size)
  return place
}
