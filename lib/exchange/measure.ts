import { TOGETHER_MS } from './bunches.ts'
import type { DecoderSink } from '../protocols/index.ts'

/** What is kept of a stream while it runs: only numbers, 8-16 bytes per chunk. */
export interface Measure {
  readonly sink: DecoderSink
  readonly chunkTimesMs: readonly number[]
  /** Largest gap between two chunks, ms; undefined before the second. */
  readonly longestGapMs: number | undefined
  /** Number of gaps between two chunks that did not come together. */
  readonly gapsApart: number
  /** Indices of the chunks that are tokens without text. */
  readonly blanks: readonly number[]
  /** Tokens per chunk where the wire gives them for all chunks. */
  chunkTokens(): readonly number[] | undefined
  firstAnswerMs: number | undefined
  error: { message: string; type: string | undefined } | undefined
  doneMs: number | undefined
  /** Whether it holds as many chunks as were wanted. */
  full: boolean
  /** Begins anew; what it has handed out stays as it is. @param limit chunks after which it is full */
  reset(limit: number): void
}

/** @param onProgress called at the first chunk, and when the limit is reached */
export function createMeasure(onProgress: () => void): Measure {
  let limit = Infinity
  let chunkTimesMs: number[] = []
  let tokensOf: number[] = []
  let blanks: number[] = []
  // Variables and not properties, an index and no push: this runs for every token.
  let chunks = 0
  let lastMs = Infinity
  let longestGapMs = -Infinity
  let gapsApart = 0
  let answered = false

  function add(atMs: number, tokens: number | undefined): void {
    chunkTimesMs[chunks++] = atMs
    const gapMs = atMs - lastMs
    if (gapMs > longestGapMs) longestGapMs = gapMs
    if (gapMs > TOGETHER_MS) gapsApart++
    lastMs = atMs
    if (tokens !== undefined) tokensOf.push(tokens)
    if (chunks !== 1 && chunks !== limit) return
    measure.full ||= chunks === limit
    onProgress()
  }

  const measure: Measure = {
    get chunkTimesMs() {
      return chunkTimesMs
    },
    get longestGapMs() {
      return chunks < 2 ? undefined : longestGapMs
    },
    get gapsApart() {
      return gapsApart
    },
    get blanks() {
      return blanks
    },
    reset(given) {
      limit = given
      chunkTimesMs = []
      if (tokensOf.length > 0) tokensOf = []
      if (blanks.length > 0) blanks = []
      chunks = gapsApart = 0
      lastMs = Infinity
      longestGapMs = -Infinity
      answered = measure.full = false
      measure.firstAnswerMs = measure.error = measure.doneMs = undefined
    },
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
      onRepeats(found, kind, tokens) {
        const { timesMs } = found
        // At the ends and where tokens are counted: one by one. Else natively, all at once.
        if (chunks === 0 || tokens !== undefined || chunks + timesMs.length >= limit) {
          for (const atMs of timesMs) measure.sink.onTokens(atMs, kind, tokens)
          return
        }
        if (!answered && kind === 'answer') {
          answered = true
          measure.firstAnswerMs = timesMs[0]
        }
        chunkTimesMs.push.apply(chunkTimesMs, timesMs as number[])
        const gapMs = timesMs[0]! - lastMs
        longestGapMs = Math.max(longestGapMs, gapMs, found.longestGapMs)
        gapsApart += found.gapsApart + (gapMs > TOGETHER_MS ? 1 : 0)
        chunks = chunkTimesMs.length
        lastMs = chunkTimesMs[chunks - 1]!
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
