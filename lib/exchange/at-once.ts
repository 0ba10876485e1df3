import type { ExchangeResult } from './types.ts'

/**
 * The result of an answer that was handed over whole, whatever the server streamed. When it was over
 * is known; when its first byte and its tokens came is not. These marks are therefore removed, so that
 * the time of the whole answer is not taken for a time to first token, and all tokens count as received
 * at the end.
 */
export function atOnce(result: ExchangeResult): ExchangeResult {
  const { marks, chunkTimesMs, chunkTokens } = result
  const any = chunkTimesMs.length > 0
  const tokens = chunkTokens?.reduce((sum, n) => sum + n, 0) ?? result.chunks
  return {
    ...result,
    marks: {
      ...marks,
      headersMs: undefined,
      firstByteMs: undefined,
      firstTokenMs: undefined,
      firstAnswerMs: undefined,
      lastTokenMs: marks.lastTokenMs === undefined ? undefined : marks.endMs,
    },
    chunkTimesMs: any ? [marks.endMs] : [],
    longestGapMs: undefined,
    chunkTokens: any ? [tokens] : undefined,
    firstChunkTokens: undefined,
  }
}
