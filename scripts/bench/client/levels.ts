/** One load of the benchmark: so many streams, each of so many tokens at such a rate. */
export interface Level {
  streams: number
  tokensPerS: number
}

export const defaultLevels = '1,10,100,300@30'

/**
 * Reads `streams[@tokens/s]`, joined by commas; the rate is 100 unless it is given.
 *
 * @throws RangeError with every level that makes no sense
 */
export function parseLevels(text: string): Level[] {
  const problems: string[] = []
  const levels = text.split(',').map((word) => {
    const match = /^\s*(\d+)(?:@(\d+(?:\.\d+)?))?\s*$/.exec(word)
    const streams = Number(match?.[1])
    const tokensPerS = Number(match?.[2] ?? 100)
    const fits = streams >= 1 && streams <= 5000 && tokensPerS >= 1 && tokensPerS <= 1000
    if (!fits) {
      problems.push(
        `level "${word.trim()}": accepted are 1 to 5000 streams, with @ and 1 to 1000 tokens/s`,
      )
    }
    return { streams, tokensPerS }
  })
  if (problems.length > 0) throw new RangeError(problems.join('\n'))
  return levels
}

export function nameOf({ streams, tokensPerS }: Level): string {
  return `${streams} x ${tokensPerS}/s`
}
