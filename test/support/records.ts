import { timingsOf } from '../../lib/exchange/index.ts'
import type { ExchangeResult } from '../../lib/exchange/index.ts'
import { requestLimits, windowAt, windowsOf } from '../../lib/metrics/index.ts'
import type { Slo } from '../../lib/metrics/index.ts'
import { requestRecord } from '../../lib/records/index.ts'
import type { RecordContext, RequestRecord, RunRecord } from '../../lib/records/index.ts'
import { resultWith } from './results.ts'

type Phases = RunRecord['run']['plan']['phases']

export const PHASES: Phases = [
  { name: 'warm-up', role: 'warmup', startMs: 0, endMs: 2_000, measured: false, from: 5, to: 5 },
  { name: 'steady', role: 'main', startMs: 2_000, endMs: 12_000, measured: true, from: 5, to: 5 },
]

export const SLO: Slo = { ttftP95Ms: 800, tpotP95Ms: 50, errorRate: 0.01, goodput: 0.9 }

/** Where the load's start lies on the run's clock: not at 0, and between two nanoseconds. */
export const ORIGIN_MS = 1234.567891

/** A completed answer: first token `ttftMs` after sending, then one each `gapMs`. */
export function answer(
  atMs: number,
  ttftMs: number,
  gapMs: number,
  tokens: number,
  change: Partial<ExchangeResult> = {},
): ExchangeResult {
  const sentMs = ORIGIN_MS + atMs + 0.7
  const chunkTimesMs = Array.from({ length: tokens }, (_, i) => sentMs + ttftMs + i * gapMs)
  const marks = {
    startMs: ORIGIN_MS + atMs,
    connectingMs: 0.4,
    sentMs,
    headersMs: sentMs + 1,
    firstByteMs: sentMs + 2,
    endMs: (chunkTimesMs[tokens - 1] ?? sentMs) + 0.2,
  }
  const usage = { input: 100, output: tokens, cached: 32, reasoning: undefined }
  return resultWith({ usage, outputTokens: tokens, chunkTimesMs, ...change }, marks)
}

export interface RecordOptions {
  phases?: Phases
  slo?: Slo
  /** Of the load on the clock of the marks. */
  originMs?: number
  labels?: Partial<RecordContext['labels']>
  promptId?: string
  asked?: { inputTokens: number | undefined; outputTokens: number } | undefined
  include?: Partial<RecordContext['include']>
}

/** The record that a client writes of a request, by the phase of its due time. */
export function recordOf(
  id: string,
  result: ExchangeResult,
  options: RecordOptions = {},
): RequestRecord {
  const { phases = PHASES, slo = SLO, originMs = ORIGIN_MS, asked } = options
  const windows = windowsOf(phases, originMs)
  const { dueMs, startMs } = result.marks
  const window = windowAt(windows, dueMs ?? startMs)
  const record = requestRecord(result, timingsOf(result), {
    id,
    labels: {
      phase: window?.phase ?? 'drain',
      measured: window?.measured ?? false,
      slice: window?.slice,
      app: 'chat',
      model: 'sim-model',
      ...options.labels,
    },
    promptId: options.promptId ?? `p${id}`,
    askedInputTokens: asked?.inputTokens,
    askedOutputTokens: asked?.outputTokens,
    originMs,
    windows,
    limits: requestLimits(slo),
    include: { gaps: false, text: undefined, ...options.include },
  })
  return JSON.parse(JSON.stringify(record)) as RequestRecord
}

/** The first line of a run's records. */
export function headOf(
  phases: Phases,
  change: { startedAt?: string; run?: object; plan?: object } = {},
): RunRecord {
  const run = {
    scenario: 'chat-steady',
    config: {},
    plan: {
      shape: 'steady',
      loop: 'open',
      unit: 'requests/s',
      phases,
      endMs: phases[phases.length - 1]?.endMs ?? 0,
      drainMs: 10_000,
      peak: 5,
      maxVUs: 50,
      segment: null,
      ...change.plan,
    },
    slo: SLO,
    clock: 'socket',
    server: { model: 'sim-model' },
    gapSampling: 1,
    warnings: [],
    ...change.run,
  }
  const { startedAt = '2026-03-01T12:00:00.000Z' } = change
  return JSON.parse(JSON.stringify({ v: 1, record: 'run', startedAt, run })) as RunRecord
}
