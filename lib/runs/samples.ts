import { finishKind, timingsOf } from '../exchange/index.ts'
import type { ExchangeResult, Timings } from '../exchange/index.ts'
import {
  clientSamples,
  divergenceSamples,
  eachSample,
  lengthSamples,
  qualitySamples,
  startSamples,
} from '../metrics/index.ts'
import type { AddSample, ClientFacts, RequestLimit, Window } from '../metrics/index.ts'
import type { RequestRecord } from '../records/index.ts'

const NO_LIMITS: readonly RequestLimit[] = []

/** A record as a result of the exchange, as far as the formulas read it. Times on the load's clock, ms. */
export function resultOfRecord(record: RequestRecord): ExchangeResult {
  const { firstTokenMs, gapsMs } = record
  const times = firstTokenMs === undefined || gapsMs === undefined ? [] : [firstTokenMs]
  for (const gap of gapsMs ?? []) times.push((times[times.length - 1] ?? 0) + gap)
  return {
    outcome: record.outcome as ExchangeResult['outcome'],
    reason: record.reason,
    message: record.message,
    httpStatus: record.httpStatus,
    retryAfterS: record.retryAfterS,
    marks: {
      dueMs: record.dueMs,
      startMs: record.startMs,
      connectingMs: record.connectingMs,
      tlsMs: record.tlsMs,
      sentMs: record.sentMs,
      headersMs: record.headersMs,
      firstByteMs: record.firstByteMs,
      firstTokenMs,
      firstAnswerMs: record.firstAnswerMs,
      lastTokenMs: record.lastTokenMs,
      endMs: record.endMs,
    },
    usage:
      record.inputTokens === undefined && record.tokenSource !== 'usage'
        ? undefined
        : {
            input: record.inputTokens,
            output: record.outputTokens,
            cached: record.cachedTokens,
            reasoning: record.reasoningTokens,
          },
    tokenSource: record.tokenSource,
    outputTokens: record.outputTokens,
    chunks: record.chunks,
    firstChunkTokens: record.firstChunkTokens,
    bunches: record.bunches,
    chunkTimesMs: times,
    chunkTokens: record.chunkTokens,
    hiddenReasoning: record.hiddenReasoning === true,
    notes: (record.notes ?? []) as ExchangeResult['notes'],
    malformedEvents: record.malformedEvents ?? 0,
    finishReason: record.finishReason,
    finish: finishKind(record.finishReason),
    text: record.text,
    reusedConnection: record.connectingMs === undefined,
    clock: record.clock,
    headers: {},
  }
}

/** A record's figures by the formulas of the exchange; ITL and ICL only where gaps were kept. */
export function timingsOfRecord(record: RequestRecord): Timings {
  const timings = timingsOf(resultOfRecord(record), record.gapsMs ?? [])
  return { ...timings, stallMs: record.stallMs }
}

/**
 * What a record adds to the metrics: exactly the samples that k6 took of the request, including that of
 * its start. Gaps are included where the record has them.
 */
export function eachRecordSample(
  record: RequestRecord,
  windows: readonly Window[],
  add: AddSample,
): void {
  const { slice, outcome } = record
  startSamples(slice, add)
  const result = resultOfRecord(record)
  eachSample(
    result,
    timingsOfRecord(record),
    { windows, slice, limits: NO_LIMITS, gapSampling: 1, random: () => 0 },
    (metric, value, tags) => {
      // Without the times of all chunks, only the record knows the windows of their tokens.
      if (metric !== 'llm_output_tokens') add(metric, value, tags)
    },
  )
  const { askedInputTokens: inputTokens, askedOutputTokens: outputTokens } = record
  lengthSamples(result, { inputTokens, outputTokens }, add)
  clientSamples(clientFacts(record), add)
  const { grades, gradersFailed: broken } = record
  if (grades ?? broken) qualitySamples({ grades: grades ?? [], broken: broken ?? [] }, add)
  if (record.diverged !== undefined) divergenceSamples(comparedWord(record), add)
  if (record.spend !== undefined) add('llm_spend', record.spend, {})
  if (record.good === true) add('llm_requests_good', 1, slice === undefined ? {} : { slice })
  if (record.good !== undefined) add('llm_request_good', record.good ? 1 : 0, {})
  const byUsage = record.tokenSource === 'usage' && record.hiddenReasoning !== true
  for (const [phase, tokens] of Object.entries(record.received)) {
    const measured = windows.find((window) => window.phase === phase)?.measured ?? false
    add('llm_output_tokens', tokens, {
      phase,
      measured: String(measured),
      outcome,
      tokens: byUsage ? 'usage' : 'chunks',
    })
  }
}

/** A writer that knows no place still says that the answers differ. */
function comparedWord({ diverged, divergedAtWord }: RequestRecord): number | undefined {
  return diverged === true ? (divergedAtWord ?? 1) : undefined
}

function clientFacts(record: RequestRecord): ClientFacts {
  const { latenessMs, handlerDelayMs, timerOvershootMs, lateCause, pauseMs = 0 } = record
  return {
    latenessMs,
    delayMs: handlerDelayMs,
    overshootMs: timerOvershootMs,
    waited: lateCause === 'client',
    pauseMs,
  }
}
