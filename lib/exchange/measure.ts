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
  /** It holds as many chunks as were wanted. */
  full: boolean
}

/** @param onProgress called at the first chunk, and at `limit` of them */
export function createMeasure(limit: number, onProgress: () => void): Measure {
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
    full: false,
    sink: {
      onTokens(atMs, kind, tokens) {
        chunkTimesMs[chunks++] = atMs
        if (tokens !== undefined) tokensOf.push(tokens)
        if (kind === 'reasoning') measure.reasoningChunks++
        else if (!answered) {
          answered = true
          measure.firstAnswerMs = atMs
        }
        if (chunks === 1 || chunks === limit) {
          measure.full ||= chunks === limit
          onProgress()
        }
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
