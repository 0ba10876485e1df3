import { gapsBetween } from '../exchange/index.ts'
import type { ExchangeResult, Timings } from '../exchange/index.ts'
import {
  lateCause,
  meetsSlo,
  outcomeKind,
  receivedTokens,
  tokensByWindow,
} from '../metrics/index.ts'
import type { ClientFacts, RequestLimit, Window } from '../metrics/index.ts'
import { recordText } from './line.ts'
import { RECORDS_VERSION } from './types.ts'
import type { EndRecord, GradeRecord, RequestRecord, RunRecord, ServerRecord } from './types.ts'

/** What a record says about a request that its result does not. */
export interface RecordContext {
  id: string
  labels: {
    readonly phase: string
    readonly measured: boolean
    readonly app: string
    readonly model: string
    readonly slice?: string | undefined
    readonly endpoint?: string | undefined
    readonly step?: string | undefined
    readonly session?: string | undefined
    readonly turn?: number | undefined
  }
  promptId: string
  askedInputTokens?: number | undefined
  askedOutputTokens?: number | undefined
  /** What the request cost, where prices are given. */
  spend?: number | undefined
  /** What graders say of the answer; undefined where it was not graded. */
  grading?:
    { readonly grades: readonly GradeRecord[]; readonly broken: readonly string[] } | undefined
  /** Whether the answer is that of the idle server; undefined where it was not compared. */
  comparison?: { readonly word: number | undefined } | undefined
  /** What the client observed about itself; undefined where nothing observed it. */
  client?: ClientFacts | undefined
  /** Start of the load on the run's clock, ms. */
  originMs: number
  /** On the run's clock. */
  windows: readonly Window[]
  limits: readonly RequestLimit[]
  include: {
    readonly gaps: boolean
    /** Masks secrets in the text of an answer; undefined leaves the text out. */
    readonly text: ((text: string) => string) | undefined
  }
}

/** A finished request as one line of JSON, without the line end. */
export function requestLine(
  result: ExchangeResult,
  timings: Timings,
  context: RecordContext,
): string {
  return recordText(requestRecord(result, timings, context))
}

/**
 * A finished request as its record; fields without a value are undefined, so JSON leaves them out.
 * @param timings the figures of the request, ms
 * @param context what the result does not know: place in the plan, asked lengths, limits, client
 */
export function requestRecord(
  result: ExchangeResult,
  timings: Timings,
  context: RecordContext,
): RequestRecord {
  const { marks, usage } = result
  const { originMs, labels, include, limits } = context
  const at = (ms: number | undefined) => (ms === undefined ? undefined : exact(ms - originMs))
  const judged = limits.length > 0 && outcomeKind(result.outcome) !== 'aborted'
  const record: { [F in keyof RequestRecord]: RequestRecord[F] | undefined } = {
    v: RECORDS_VERSION,
    record: 'request',
    id: context.id,
    dueMs: at(marks.dueMs),
    startMs: at(marks.startMs),
    sentMs: at(marks.sentMs),
    headersMs: at(marks.headersMs),
    firstByteMs: at(marks.firstByteMs),
    firstTokenMs: at(marks.firstTokenMs),
    firstAnswerMs: at(marks.firstAnswerMs),
    lastTokenMs: at(marks.lastTokenMs),
    endMs: at(marks.endMs),
    connectingMs: figure(marks.connectingMs),
    tlsMs: figure(marks.tlsMs),
    outcome: result.outcome,
    reason: result.reason,
    message: result.message,
    httpStatus: result.httpStatus,
    retryAfterS: result.retryAfterS,
    finishReason: result.finishReason,
    ...labels,
    promptId: context.promptId,
    inputTokens: usage?.input,
    cachedTokens: usage?.cached,
    outputTokens: result.outputTokens,
    reasoningTokens: usage?.reasoning,
    tokenSource: result.tokenSource,
    hiddenReasoning: result.hiddenReasoning || undefined,
    notes: result.notes.length > 0 ? [...result.notes] : undefined,
    malformedEvents: result.malformedEvents || undefined,
    chunks: result.chunks,
    firstChunkTokens: result.firstChunkTokens,
    bunches: result.bunches,
    askedInputTokens: context.askedInputTokens,
    askedOutputTokens: context.askedOutputTokens,
    received: receivedByPhase(result, context.windows),
    ttftMs: figure(timings.ttftMs),
    tpotMs: figure(timings.tpotMs),
    e2eMs: figure(timings.e2eMs),
    stallMs: figure(timings.stallMs),
    latenessMs: figure(timings.latenessMs),
    lateCause: context.client && lateCause(context.client),
    timerOvershootMs: figure(context.client?.overshootMs),
    handlerDelayMs: figure(context.client?.delayMs),
    pauseMs: context.client?.pauseMs || undefined,
    good: judged ? result.outcome === 'completed' && meetsSlo(timings, limits) : undefined,
    spend: context.spend,
    clock: result.clock,
    requestId: result.headers['x-request-id'],
    gapsMs: include.gaps ? gapsBetween(result.chunkTimesMs) : undefined,
    chunkTokens: include.gaps && result.chunkTokens ? [...result.chunkTokens] : undefined,
    text: result.text === undefined ? undefined : include.text?.(result.text),
    grades: context.grading?.grades.length ? [...context.grading.grades] : undefined,
    gradersFailed: context.grading?.broken.length ? [...context.grading.broken] : undefined,
    diverged: context.comparison && context.comparison.word !== undefined,
    divergedAtWord: context.comparison?.word,
  }
  return record as RequestRecord
}

/** The first line of a records file. `run` may hold no secrets. */
export function runLine(startedAt: string, run: RunRecord['run']): string {
  const record: RunRecord = { v: RECORDS_VERSION, record: 'run', startedAt, run }
  return recordText(record)
}

/**
 * @param atMs ms from the start of the load
 * @param poll the figures read, what came of each reading, and which metrics had an impossible value
 */
export function serverLine(
  atMs: number,
  { values, readings, impossible }: Pick<ServerRecord, 'values' | 'readings' | 'impossible'>,
): string {
  const record: ServerRecord = { v: RECORDS_VERSION, record: 'server', atMs: exact(atMs), values }
  if (readings !== undefined) record.readings = readings
  if (impossible !== undefined && impossible.length > 0) record.impossible = impossible
  return recordText(record)
}

/**
 * The last line of a process's records.
 * @param atMs ms from the start of the load
 * @param interrupted requests that the end cut off; undefined where that is not known
 * @param added what `run --until decided` adds, see {@link EndRecord}
 */
export function endLine(
  atMs: number,
  interrupted: number | undefined,
  added: Pick<EndRecord, 'decided' | 'confidence'> = {},
): string {
  const record: EndRecord = { v: RECORDS_VERSION, record: 'end', atMs: exact(atMs) }
  if (interrupted !== undefined) record.interrupted = interrupted
  const { decided, confidence } = added
  if (decided !== undefined) record.decided = { ...decided, endMs: exact(decided.endMs) }
  if (confidence !== undefined) record.confidence = confidence
  return recordText(record)
}

/** Tokens received per phase, as `llm_output_tokens` counts them. */
function receivedByPhase(result: ExchangeResult, windows: readonly Window[]) {
  const found: Record<string, number> = {}
  for (const { phase, value } of tokensByWindow(result, windows, receivedTokens(result).tokens)) {
    found[phase] = (found[phase] ?? 0) + value
  }
  return found
}

/** Rounds to a nanosecond, the clock's own resolution: drops the digits that binary fractions add. */
function exact(ms: number): number {
  return Math.round(ms * 1e6) / 1e6
}

function figure(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : exact(ms)
}
