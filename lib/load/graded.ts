import { evenly } from './evenly.ts'

/** 2^32 (sqrt(3) - 1): independent of who leaves, and of the endpoints. */
const ROOT = 0xbb67ae85

/**
 * Whether the answer to request n is graded, see `evenly`.
 * @param share of the requests, 0-1
 * @param turn of a conversation, 0 without one
 */
export function isGraded(share: number, seed: number, n: number, turn = 0): boolean {
  return evenly(ROOT, share, seed, n, turn)
}
