import type { ExchangeResult, Marks, Timings } from '../../lib/exchange/index.ts'

/** A completed request of 3 chunks at 100, 110 and 140 ms after it was sent at 1000. */
export function resultWith(
  change: Partial<ExchangeResult> = {},
  marks: Partial<Marks> = {},
): ExchangeResult {
  const chunkTimesMs = change.chunkTimesMs ?? [1100, 1110, 1140]
  return {
    outcome: 'completed',
    reason: '',
    message: undefined,
    httpStatus: 200,
    retryAfterS: undefined,
    marks: {
      dueMs: undefined,
      startMs: 990,
      connectingMs: 5,
      sentMs: 1000,
      headersMs: 1010,
      firstByteMs: 1011,
      firstTokenMs: chunkTimesMs[0],
      firstAnswerMs: chunkTimesMs[0],
      lastTokenMs: chunkTimesMs[chunkTimesMs.length - 1],
      endMs: 1150,
      ...marks,
    },
    usage: undefined,
    tokenSource: 'usage',
    outputTokens: 3,
    chunks: chunkTimesMs.length,
    firstChunkTokens: undefined,
    bunches: undefined,
    chunkTokens: undefined,
    hiddenReasoning: false,
    notes: [],
    finish: 'stop',
    malformedEvents: 0,
    finishReason: 'stop',
    text: undefined,
    reusedConnection: false,
    clock: 'socket',
    headers: {},
    ...change,
    chunkTimesMs,
  }
}

/** Timings as values alone, which can be compared: without the functions that tell single gaps. */
export function valuesOf({ iclAtMs: _icl, itlAtMs: _itl, ...values }: Timings) {
  return values
}
