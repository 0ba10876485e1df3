/** One load of the benchmark: so many streams, each of so many tokens at such a rate. */
export interface Level {
  streams: number
  tokensPerS: number
  /** Mean length of the answers, tokens. */
  answerTokens: number
  /** Text of each token. */
  text: string
}

const usualTokens = 128

export const defaultLevels = '100'

/** What docs/performance.md shows: the usual load, text that is not ASCII, short answers, many slow streams. */
export const documentedLevels: readonly Level[] = [
  ...parseLevels('100', [' token', 'é']),
  ...parseLevels('100x32'),
  ...parseLevels('1000@20'),
]

/**
 * Reads `streams[@tokens/s][xTOKENS]`, joined by commas; the rate is 100 tokens/s and the length 128 tokens
 * unless they are given.
 *
 * @param texts texts of tokens; every load is measured with each of them
 * @throws RangeError with every level that makes no sense
 */
export function parseLevels(text: string, texts: readonly string[] = [' token']): Level[] {
  const problems: string[] = []
  const levels = text.split(',').flatMap((word) => {
    const match = /^\s*(\d+)(?:@(\d+(?:\.\d+)?))?(?:x(\d+))?\s*$/.exec(word)
    const streams = Number(match?.[1])
    const tokensPerS = Number(match?.[2] ?? 100)
    const answerTokens = match?.[3] === undefined ? usualTokens : Number(match[3])
    const length = answerTokens >= 2 && answerTokens <= 3000
    const fits = streams >= 1 && streams <= 5000 && tokensPerS >= 1 && tokensPerS <= 1000 && length
    if (!fits) {
      problems.push(
        `level "${word.trim()}": accepted are 1 to 5000 streams, with @ and 1 to 1000 tokens/s, with x and 2 to 3000 tokens`,
      )
    }
    return texts.map((given) => ({ streams, tokensPerS, answerTokens, text: given }))
  })
  if (problems.length > 0) throw new RangeError(problems.join('\n'))
  return levels
}

export function nameOf({ streams, tokensPerS, answerTokens, text }: Level): string {
  return `${streams} x ${tokensPerS}/s, ${answerTokens} "${text}"`
}
