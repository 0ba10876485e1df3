import { evenly } from './evenly.ts'

/** 2^32 (sqrt(3) - 1): independent of who leaves, and of the endpoints. */
const ROOT = 0xbb67ae85

/** Answers kept of each k6 scenario (conversations count once), so that the records stay of a bounded size. */
export const MOST_KEPT = 5_000

/**
 * Whether the answer to request n is graded, see `evenly`.
 * @param share of the requests, 0-1
 * @param turn of a conversation, 0 without one
 */
export function isGraded(share: number, seed: number, n: number, turn = 0): boolean {
  return evenly(ROOT, share, seed, n, turn)
}

/**
 * Whether the texts of request n are kept. The draw is that of the graded answers: of two shares the smaller one's
 * answers are among the larger one's, so that kept answers are graded ones as far as these go.
 * @param share of the requests, 0-1
 * @param turn of a conversation, 0 without one
 */
export function isKept(share: number, seed: number, n: number, turn = 0): boolean {
  return n < firstNotKept(share) && evenly(ROOT, share, seed, n, turn)
}

/** The request from which on no answers are kept, as there are enough. */
export function firstNotKept(share: number): number {
  return Math.ceil(MOST_KEPT / share)
}
