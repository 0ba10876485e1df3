/** Odd, so that the turns of a conversation differ. */
const TURN = 0x85ebca6b

/**
 * Whether request n is one of a share of the requests. A low-discrepancy sequence (Kronecker's), so that any
 * stretch of the run has the share, and the same for a seed under every execution segment.
 * @param root 2^32 times an irrational number: its multiples modulo 2^32 are spread evenly, and independently
 *   of those of another root
 * @param share of the requests, 0-1
 * @param turn of a conversation, 0 without one
 */
export function evenly(
  root: number,
  share: number,
  seed: number,
  n: number,
  turn: number,
): boolean {
  if (share <= 0) return false
  const place = Math.imul(n + (seed | 0), root) + Math.imul(turn, TURN)
  return (place >>> 0) / 0x100000000 < share
}
