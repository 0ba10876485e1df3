import { timingsOf } from '../../lib/exchange/index.ts'
import type { ExchangeResult } from '../../lib/exchange/index.ts'
import { requestLimits, windowAt, windowsOf } from '../../lib/metrics/index.ts'
import { requestRecord } from '../../lib/records/index.ts'
import type { RecordContext, RequestRecord, RunRecord } from '../../lib/records/index.ts'
import { SLO } from '../report/fixtures/cases.ts'

export const PHASES = [
  { name: 'warm-up', role: 'warmup', startMs: 0, endMs: 2_000, measured: false, from: 5, to: 5 },
  { name: 'steady', role: 'main', startMs: 2_000, endMs: 12_000, measured: true, from: 5, to: 5 },
] satisfies RunRecord['run']['plan']['phases']
export const ORIGIN_MS = 1234.567891

/** A completed answer: first token `ttftMs` after sending, then one each `gapMs`. */
export function result(
  atMs: number,
  ttftMs: number,
  gapMs: number,
  tokens: number,
  change: Partial<ExchangeResult> = {},
): ExchangeResult {
  const sentMs = ORIGIN_MS + atMs + 0.7
  const times = Array.from({ length: tokens }, (_, i) => sentMs + ttftMs + i * gapMs)
  return {
    outcome: 'completed',
    reason: '',
    message: undefined,
    httpStatus: 200,
    retryAfterS: undefined,
    marks: {
      dueMs: undefined,
      startMs: ORIGIN_MS + atMs,
      connectingMs: 0.4,
      sentMs,
      headersMs: sentMs + 1,
      firstByteMs: sentMs + 2,
      firstTokenMs: times[0],
      firstAnswerMs: times[0],
      lastTokenMs: times[times.length - 1],
      endMs: (times[times.length - 1] ?? sentMs) + 0.2,
    },
    usage: { input: 100, output: tokens, cached: 32, reasoning: undefined },
    tokenSource: 'usage',
    outputTokens: tokens,
    chunks: tokens,
    firstChunkTokens: undefined,
    chunkTimesMs: times,
    chunkTokens: undefined,
    hiddenReasoning: false,
    notes: ['no_terminator'],
    finish: 'stop',
    finishReason: 'stop',
    text: undefined,
    reusedConnection: false,
    clock: 'socket',
    headers: {},
    ...change,
  } as ExchangeResult
}

export function context(id: string, atMs: number): RecordContext {
  const windows = windowsOf(PHASES, ORIGIN_MS)
  const window = windowAt(windows, ORIGIN_MS + atMs)
  return {
    id,
    labels: {
      phase: window?.phase ?? 'drain',
      measured: window?.measured ?? false,
      slice: window?.slice,
      app: 'chat',
      model: 'sim-model',
    },
    promptId: `p${id}`,
    originMs: ORIGIN_MS,
    windows,
    limits: requestLimits(SLO),
    include: { gaps: false, text: false },
  }
}

export function record(
  id: string,
  made: ExchangeResult,
  include: Partial<RecordContext['include']> = {},
): RequestRecord {
  const at = context(id, made.marks.startMs - ORIGIN_MS)
  const all = { ...at, include: { ...at.include, ...include } }
  return JSON.parse(JSON.stringify(requestRecord(made, timingsOf(made), all))) as RequestRecord
}
