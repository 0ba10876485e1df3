import type { ExchangeResult, ReadStamps } from '../exchange/index.ts'

/**
 * Longest wait for more bytes before reads are handed over together (own socket module only).
 * Figures are not affected: each read carries its own arrival time. Each call finds its VU's memory out
 * of the CPU's cache, so few long calls make tokens cheap. Deadlines are checked again after this wait.
 */
export const COALESCE_MS = 500

/**
 * When the module should hand over what one delivery brings, ms on the run's clock. Anything later is
 * the delay of a busy client; the wait for more bytes is intended, and no delay. A read in the last tenth of
 * the wait is handed over at once, together with those before it. The module also hands over earlier when
 * an answer ends; that delay is measured at the end of the request (`heldBackMs`).
 *
 * @param holdMs longest wait for more bytes, ms
 */
export function handOverAt(stamps: ReadStamps, holdMs: number): number {
  const latest = stamps[1]! + holdMs
  const early = latest - holdMs / 10
  let i = stamps.length - 1
  // Up to the first read in the last tenth, which is nearly always the last of all.
  while (i > 1 && stamps[i - 2]! >= early) i -= 2
  const read = stamps[i]!
  return read >= early ? Math.min(read, latest) : latest
}

/**
 * Time from when an answer was whole until its request was known to be over, ms. The client causes it,
 * and it delays the next request of a closed loop or a conversation. Only the socket's clock shows it.
 */
export function heldBackMs(result: ExchangeResult, nowMs: number): number | undefined {
  const { clock, marks } = result
  const answered = marks.headersMs !== undefined && result.outcome !== 'timeout'
  return clock === 'socket' && answered ? Math.max(0, nowMs - marks.endMs) : undefined
}
