import type { ExchangeResult } from './types.ts'

/**
 * The result of an answer that was handed over whole, whatever the server streamed: when it was over
 * is known, when its first byte and its tokens came is not. So these marks are taken away, lest the
 * time of the whole passes for a time to first token, and all tokens count as received at the end.
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
    chunkTokens: any ? [tokens] : undefined,
    firstChunkTokens: undefined,
  }
}
