/** Watches over the time that a calibration takes. */
export interface Stopwatch {
  /** Time left of the budget, ms. */
  leftMs(): number
  /** Does something that takes time on the server, and learns from it how quick the server is. */
  timed(count: () => Promise<number | undefined>): Promise<number | undefined>
  /**
   * Whether a request with so many words would be over in time, at the pace so far.
   * @param share of the budget that must not be exceeded; all of it by default
   */
  fits(words: number, share?: number): boolean
  /** Whether something did not fit. */
  isShort(): boolean
  /** Pace of the longest prompt so far, whose fixed cost weighs least; 0 before the first. */
  msPerToken(): number
}

/** @param budgetMs from now on; Infinity where time does not matter */
export function createStopwatch(budgetMs: number, now: () => number): Stopwatch {
  const beganMs = now()
  let perToken = 0
  let longest = 0
  let short = false
  const leftMs = () => beganMs + budgetMs - now()
  return {
    leftMs,
    isShort: () => short,
    msPerToken: () => perToken,
    async timed(count) {
      const startMs = now()
      const tokens = await count()
      if (tokens !== undefined && tokens > 0 && tokens >= longest) {
        longest = tokens
        perToken = (now() - startMs) / tokens
      }
      return tokens
    },
    fits(words, share = 1) {
      const spentMs = now() - beganMs
      const enough = spentMs + words * perToken <= budgetMs * share && leftMs() > 0
      short ||= !enough
      return enough
    },
  }
}
