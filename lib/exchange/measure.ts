import type { DecoderSink } from '../protocols/index.ts'

/** What is kept of a stream while it runs: numbers only, 8-16 bytes a chunk. */
export interface Measure {
  readonly sink: DecoderSink
  readonly chunkTimesMs: number[]
  /** Tokens of each chunk where the wire tells for all of them. */
  chunkTokens(): readonly number[] | undefined
  firstAnswerMs: number | undefined
  reasoningChunks: number
  error: { message: string; type: string | undefined } | undefined
  doneMs: number | undefined
}

/** @param onChunk called with the number of chunks at the first one and at `limit` */
export function createMeasure(limit: number, onChunk: (chunks: number) => void): Measure {
  const chunkTimesMs: number[] = []
  const tokensOf: number[] = []
  // Variables and not properties, an index and no push: this is on the way of each token.
  let chunks = 0
  let answered = false
  const measure: Measure = {
    chunkTimesMs,
    chunkTokens() {
      const known = tokensOf.length > 0 && tokensOf.length === chunkTimesMs.length
      return known ? tokensOf : undefined
    },
    firstAnswerMs: undefined,
    reasoningChunks: 0,
    error: undefined,
    doneMs: undefined,
    sink: {
      onTokens(atMs, kind, tokens) {
        chunkTimesMs[chunks++] = atMs
        if (tokens !== undefined) tokensOf.push(tokens)
        if (kind === 'reasoning') measure.reasoningChunks++
        else if (!answered) {
          answered = true
          measure.firstAnswerMs = atMs
        }
        if (chunks === 1 || chunks === limit) onChunk(chunks)
      },
      onError(message, type) {
        measure.error ??= { message, type }
      },
      onDone(atMs) {
        measure.doneMs ??= atMs
      },
    },
  }
  return measure
}
