/**
 * 2^32 (sqrt(2) - 1): its multiples modulo 2^32 are spread evenly, and independently of those of the golden
 * ratio, by which endpoints are picked.
 */
const ROOT = 0x6a09e667
/** Odd, so that the turns of a conversation differ. */
const TURN = 0x85ebca6b

/**
 * Whether the user of request n leaves before the end of the answer. A low-discrepancy sequence
 * (Kronecker's), so that any stretch of the run has the share, and the same for a seed under every
 * execution segment.
 * @param share of the requests, 0-1
 * @param turn of a conversation, 0 without one
 */
export function leaves(share: number, seed: number, n: number, turn = 0): boolean {
  if (share <= 0) return false
  const place = Math.imul(n + (seed | 0), ROOT) + Math.imul(turn, TURN)
  return (place >>> 0) / 0x100000000 < share
}
