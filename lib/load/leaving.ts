import { evenly } from './evenly.ts'

/** 2^32 (sqrt(2) - 1); endpoints are picked by the golden ratio. */
const ROOT = 0x6a09e667

/**
 * Whether the user of request n leaves before the end of the answer, see `evenly`.
 * @param share of the requests, 0-1
 * @param turn of a conversation, 0 without one
 */
export function leaves(share: number, seed: number, n: number, turn = 0): boolean {
  return evenly(ROOT, share, seed, n, turn)
}
