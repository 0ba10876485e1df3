import type { ExchangeResult, ReadStamps } from '../exchange/index.ts'

/**
 * Longest wait for more bytes before reads are handed over together (own socket module only).
 * Figures do not wait: each read carries its own arrival time. A call finds its VU's memory cold,
 * so few and long ones are what makes a token cheap; deadlines look again after this long.
 */
export const COALESCE_MS = 500

/** A read that comes in the last tenth of the wait is handed over at once, with those before it. */
const EARLY_MS = COALESCE_MS / 10

/**
 * When the module was to hand over what one delivery brings, ms on the run's clock: what is later is
 * the delay of a busy client. The wait for more bytes is meant, and no delay. The module also hands over
 * earlier, where an answer ends; how long that took is seen at the end of the request (`heldBackMs`).
 */
export function handOverAt(stamps: ReadStamps): number {
  const latest = stamps[1]! + COALESCE_MS
  let i = stamps.length - 1
  // To the first read in the last tenth; nearly always the last of all.
  while (i > 1 && stamps[i - 2]! >= latest - EARLY_MS) i -= 2
  const read = stamps[i]!
  return read >= latest - EARLY_MS ? Math.min(read, latest) : latest
}

/**
 * How long an answer was whole before its request was known to be over, ms: a client's own doing, by which
 * the next request of a closed loop or a conversation begins late. Only the socket's clock tells.
 */
export function heldBackMs(result: ExchangeResult, nowMs: number): number | undefined {
  const { clock, marks } = result
  const answered = marks.headersMs !== undefined && result.outcome !== 'timeout'
  return clock === 'socket' && answered ? Math.max(0, nowMs - marks.endMs) : undefined
}
