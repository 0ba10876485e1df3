import type { DecoderSink } from '../protocols/index.ts'

/** What is kept of a stream while it runs: only numbers, 8-16 bytes per chunk. */
export interface Measure {
  readonly sink: DecoderSink
  readonly chunkTimesMs: number[]
  /** Indices of the chunks that are tokens without text. */
  readonly blanks: readonly number[]
  /** Tokens per chunk where the wire gives them for all chunks. */
  chunkTokens(): readonly number[] | undefined
  firstAnswerMs: number | undefined
  error: { message: string; type: string | undefined } | undefined
  doneMs: number | undefined
  /** Whether it holds as many chunks as were wanted. */
  full: boolean
}

/** @param onProgress called at the first chunk, and when `limit` is reached */
export function createMeasure(limit: number, onProgress: () => void): Measure {
  const chunkTimesMs: number[] = []
  const tokensOf: number[] = []
  const blanks: number[] = []
  // Variables and not properties, an index and no push: this runs for every token.
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
