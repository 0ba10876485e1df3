/** One load of the benchmark: so many streams, each of so many tokens at such a rate. */
export interface Level {
  streams: number
  tokensPerS: number
  /** Mean length of the answers, where it is not the usual one. */
  answerTokens?: number
}

export const defaultLevels = '1,10,100,100x1000,300@30'

/**
 * Reads `streams[@tokens/s][xTOKENS]`, joined by commas; the rate is 100 unless it is given.
 *
 * @throws RangeError with every level that makes no sense
 */
export function parseLevels(text: string): Level[] {
  const problems: string[] = []
  const levels = text.split(',').map((word) => {
    const match = /^\s*(\d+)(?:@(\d+(?:\.\d+)?))?(?:x(\d+))?\s*$/.exec(word)
    const streams = Number(match?.[1])
    const tokensPerS = Number(match?.[2] ?? 100)
    const tokens = match?.[3] === undefined ? undefined : Number(match[3])
    const length = tokens === undefined || (tokens >= 2 && tokens <= 3000)
    const fits = streams >= 1 && streams <= 5000 && tokensPerS >= 1 && tokensPerS <= 1000 && length
    if (!fits) {
      problems.push(
        `level "${word.trim()}": accepted are 1 to 5000 streams, with @ and 1 to 1000 tokens/s, with x and 2 to 3000 tokens`,
      )
    }
    return tokens === undefined
      ? { streams, tokensPerS }
      : { streams, tokensPerS, answerTokens: tokens }
  })
  if (problems.length > 0) throw new RangeError(problems.join('\n'))
  return levels
}

export function nameOf({ streams, tokensPerS, answerTokens }: Level): string {
  return `${streams} x ${tokensPerS}/s${answerTokens === undefined ? '' : `, ${answerTokens} each`}`
}
