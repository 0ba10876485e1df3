import type { DecoderSink } from '../protocols/index.ts'

/** What is kept of a stream while it runs: numbers only, 8-16 bytes a chunk. */
export interface Measure {
  readonly sink: DecoderSink
  readonly chunkTimesMs: number[]
  /** Which of the chunks are tokens without text. */
  readonly blanks: readonly number[]
  /** Tokens of each chunk where the wire tells for all of them. */
  chunkTokens(): readonly number[] | undefined
  firstAnswerMs: number | undefined
  error: { message: string; type: string | undefined } | undefined
  doneMs: number | undefined
  /** It holds as many chunks as were wanted. */
  full: boolean
}

/** @param onProgress called at the first chunk, and at `limit` of them */
export function createMeasure(limit: number, onProgress: () => void): Measure {
  const chunkTimesMs: number[] = []
  const tokensOf: number[] = []
  const blanks: number[] = []
  // Variables and not properties, an index and no push: this is on the way of each token.
  let chunks = 0
  let answered = false

  function add(atMs: number, tokens: number | undefined): void {
    chunkTimesMs[chunks++] = atMs
    if (tokens !== undefined) tokensOf.push(tokens)
    if (chunks !== 1 && chunks !== limit) return
    measure.full ||= chunks === limit
    onProgress()
  }

  const measure: Measure = {
    chunkTimesMs,
    blanks,
    chunkTokens() {
      const known = tokensOf.length > 0 && tokensOf.length === chunkTimesMs.length
      return known ? tokensOf : undefined
    },
    firstAnswerMs: undefined,
    error: undefined,
    doneMs: undefined,
    full: false,
    sink: {
      onTokens(atMs, kind, tokens) {
        if (!answered && kind === 'answer') {
          answered = true
          measure.firstAnswerMs = atMs
        }
        add(atMs, tokens)
      },
      onBlank(atMs, tokens) {
        blanks.push(chunks)
        add(atMs, tokens)
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
