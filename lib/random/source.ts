import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { mersenne } from 'pure-rand/generator/mersenne'

/**
 * Uniform numbers in [0, 1), the same for the same seed and name on every machine, for d3-random's
 * `.source()`. `name` separates streams: additional draws for one use do not shift another's numbers.
 *
 * Mersenne, because the first draw of pure-rand's xoroshiro128plus and xorshift128plus is ~1.0000
 * for small seeds (a first gap of ~14 mean gaps), and d3's `randomLcg` starts alike for 1, 2, 3.
 *
 * @param seed whole number, of which the lowest 32 bits count
 * @param name what the numbers are for
 */
export function randomSource(seed: number, name = ''): () => number {
  const generator = mersenne(mix(seed, name))
  return () => uniformFloat64(generator)
}

/** FNV-1a over the name, started from the seed: 32 bits, which is all that mersenne takes. */
function mix(seed: number, name: string): number {
  if (name === '') return seed | 0
  let hash = (0x811c9dc5 ^ seed) | 0
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return hash | 0
}
