import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator'

/** Saves k6's engine two look-ups per call. */
const { imul } = Math

/** Uniform numbers in [0, 1). */
export type Random = () => number

/** MurmurHash3's finalizer: a bijection of 32-bit integers in which every bit depends on all others. */
export function mix32(value: number): number {
  let h = value | 0
  h = imul(h ^ (h >>> 16), 0x85ebca6b)
  h = imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** 32-bit hash of a text (FNV-1a, finished by `mix32`). */
export function hashText(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = imul(h ^ text.charCodeAt(i), 0x01000193)
  return mix32(h)
}

/**
 * Random numbers that belong to item n of one stream: the same on every machine and whatever was drawn
 * before. A generator shared by all requests would not give that under execution segments.
 *
 * Xoroshiro128+ rather than the Mersenne twister, because a generator is made for each request: in k6's
 * engine that cost 1.4 ms for the twister's 624 words of state, and 0.01 ms for this one. Its 128 bits
 * of state are hashes of (seed, n, stream), so neighbours have nothing in common.
 *
 * @param seed the run's seed, any finite number
 * @param n index of the request, 0 … 2^53
 * @param stream what the numbers are for: the streams of one item are independent of each other
 */
export function randomOf(seed: number, n: number, stream = 0): Random {
  let generator: RandomGenerator | undefined
  // Many lengths are constant: nothing is drawn for them.
  return () => uniformFloat64((generator ??= generatorOf(seed, n, stream)))
}

function generatorOf(seed: number, n: number, stream: number): RandomGenerator {
  const key = keyOf(seed, Math.floor(n / 0x100000000), stream)
  const a = mix32(key ^ mix32(n ^ 0x3c6ef372))
  const b = mix32(a + 0x9e3779b9 + (n | 0))
  const c = mix32(b ^ key ^ 0xdaa66d2b)
  const d = mix32(c + imul(a, 0x2545f491)) | 1
  const generator = xoroshiro128plusFromState([a | 0, b | 0, c | 0, d | 0])
  // Its first output shows the state: two states that are close give close sums.
  generator.next()
  generator.next()
  return generator
}

let lastKey: { seed: number; high: number; stream: number; key: number } | undefined

/** The same for nearly all requests of a run: of one stream, most of the time. */
function keyOf(seed: number, high: number, stream: number): number {
  const last = lastKey
  if (last?.stream === stream && last.seed === seed && last.high === high) return last.key
  const key = mix32(mix32(foldSeed(seed) ^ 0x9e3779b9) + mix32(stream + 0x7f4a7c15) + mix32(high))
  lastKey = { seed, high, stream, key }
  return key
}

/** Hashes all bits of a seed into 32: seeds may be fractions or above 2^32. */
function foldSeed(seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed <= 0xffffffff) return seed | 0
  return hashText(String(seed)) | 0
}

/** A whole number in [0, limit). */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit)
}
