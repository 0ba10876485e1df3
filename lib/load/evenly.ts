/** Odd, so that the turns of a conversation differ. */
const TURN = 0x85ebca6b

/**
 * The place of request n in [0, 1). A low-discrepancy sequence (Kronecker's) instead of chance: the requests of
 * any stretch of the run are spread evenly, and the same for a seed under every execution segment.
 * @param root 2^32 times an irrational number: its multiples modulo 2^32 are spread evenly, and independently
 *   of those of another root
 * @param turn of a conversation, 0 without one
 */
export function placeOf(root: number, seed: number, n: number, turn = 0): number {
  const place = Math.imul(n + (seed | 0), root) + Math.imul(turn, TURN)
  return (place >>> 0) / 0x100000000
}

/**
 * Whether request n is one of a share of the requests: any stretch of the run has that share, see `placeOf`.
 * @param share of the requests, 0-1
 */
export function evenly(
  root: number,
  share: number,
  seed: number,
  n: number,
  turn: number,
): boolean {
  return placeOf(root, seed, n, turn) < share
}
