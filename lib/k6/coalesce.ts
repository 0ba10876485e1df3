import type { ReadStamps } from '../exchange/index.ts'

/**
 * Longest wait for more bytes before reads are handed over together (own socket module only).
 * Figures do not wait: each read carries its own arrival time. A call finds its VU's memory cold,
 * so few and long ones are what makes a token cheap; deadlines look again after this long.
 */
export const COALESCE_MS = 500

/** A read that comes in the last tenth of the wait is handed over at once, with those before it. */
const EARLY_MS = COALESCE_MS / 10

/** The end of a chunked body: an answer is handed over as soon as it is whole. */
export const BODY_END = '\r\n0\r\n\r\n'

/**
 * When the module was to hand over what one delivery brings, ms on the run's clock: what is later is
 * the delay of a busy client. The wait for more bytes is meant, and no delay.
 *
 * @param whole the bytes end with `BODY_END`
 */
export function handOverAt(stamps: ReadStamps, whole: boolean): number {
  const latest = stamps[1]! + COALESCE_MS
  let i = stamps.length - 1
  // To the first read in the last tenth; nearly always the last of all.
  while (i > 1 && stamps[i - 2]! >= latest - EARLY_MS) i -= 2
  const read = stamps[i]!
  return whole || read >= latest - EARLY_MS ? Math.min(read, latest) : latest
}
