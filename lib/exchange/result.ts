import type { Usage } from '../protocols/index.ts'
import type { Seen } from './exchange.ts'
import { atOnce } from './at-once.ts'
import { headersThatMatter, retryAfterS } from './headers.ts'
import type { Verdict } from './outcomes.ts'
import type { ClockSource, ExchangeRequest, ExchangeResult, Marks } from './types.ts'

export interface ResultContext {
  request: ExchangeRequest
  connectingMs: number | undefined
  reusedConnection: boolean
  clock: ClockSource
  redact: (message: string) => string
}

/** The record of a request that had a connection. */
export function resultOf(seen: Seen, context: ResultContext): ExchangeResult {
  const { measure, head } = seen
  const times = measure.chunkTimesMs
  const completed = seen.verdict.outcome === 'completed'
  const usage = seen.streamEnd?.usage ?? seen.whole?.usage
  const chunkTokens = measure.chunkTokens()
  const marks: Marks = {
    ...emptyMarks(context, seen.endMs),
    sentMs: seen.sentMs,
    headersMs: seen.headersMs,
    firstByteMs: seen.firstByteMs,
    firstTokenMs: times[0],
    firstAnswerMs: measure.firstAnswerMs,
    // Of a whole answer the tokens are there when its body is.
    lastTokenMs: seen.whole !== undefined && completed ? seen.endMs : times[times.length - 1],
  }
  const result: ExchangeResult = {
    ...verdictPart(seen.verdict, context),
    httpStatus: head?.status,
    retryAfterS: head === undefined ? undefined : retryAfterS(head.headers),
    marks,
    usage,
    ...countTokens(usage, times.length, chunkTokens),
    chunks: times.length,
    firstChunkTokens: chunkTokens?.[0],
    chunkTimesMs: times,
    chunkTokens,
    hiddenReasoning: hidesReasoning(usage, measure.reasoningChunks, seen.streamEnd?.payloadBytes),
    malformedEvents: seen.streamEnd?.malformed ?? 0,
    finishReason: seen.streamEnd?.finishReason ?? seen.whole?.finishReason,
    text: seen.streamEnd?.text ?? (context.request.collectText ? seen.whole?.text : undefined),
    headers: head === undefined ? {} : headersThatMatter(head.headers),
  }
  return context.clock === 'buffered' ? atOnce(result) : result
}

/** The record of a request that never got a connection. */
export function unsentResult(
  found: Verdict,
  endMs: number,
  context: ResultContext,
): ExchangeResult {
  return {
    ...verdictPart(found, context),
    httpStatus: undefined,
    retryAfterS: undefined,
    marks: emptyMarks(context, endMs),
    usage: undefined,
    tokenSource: 'none',
    outputTokens: 0,
    chunks: 0,
    firstChunkTokens: undefined,
    chunkTimesMs: [],
    chunkTokens: undefined,
    hiddenReasoning: false,
    malformedEvents: 0,
    finishReason: undefined,
    text: undefined,
    headers: {},
  }
}

function verdictPart({ outcome, reason, message }: Verdict, context: ResultContext) {
  return {
    outcome,
    reason,
    message: message === undefined ? undefined : context.redact(message),
    reusedConnection: context.reusedConnection,
    clock: context.clock,
  }
}

function emptyMarks(context: ResultContext, endMs: number): Marks {
  return {
    dueMs: context.request.dueMs,
    startMs: context.request.startMs,
    connectingMs: context.connectingMs,
    sentMs: undefined,
    headersMs: undefined,
    firstByteMs: undefined,
    firstTokenMs: undefined,
    firstAnswerMs: undefined,
    lastTokenMs: undefined,
    endMs,
  }
}

function countTokens(
  usage: Usage | undefined,
  chunks: number,
  chunkTokens: readonly number[] | undefined,
): Pick<ExchangeResult, 'tokenSource' | 'outputTokens'> {
  const billed = usage?.output
  // A server that sends tokens and bills none does not count; some proxies fill in zeros.
  if (billed !== undefined && (billed > 0 || chunks === 0)) {
    return { tokenSource: 'usage', outputTokens: billed }
  }
  if (chunkTokens !== undefined) {
    return { tokenSource: 'usage', outputTokens: chunkTokens.reduce((sum, n) => sum + n, 0) }
  }
  return { tokenSource: chunks > 0 ? 'chunks' : 'none', outputTokens: chunks }
}

/**
 * Billed but not streamed: reasoning tokens without a chunk of reasoning, or more tokens than bytes
 * of payload (a token is a byte or more; 16 allow for special tokens that have no text).
 */
function hidesReasoning(
  usage: Usage | undefined,
  reasoningChunks: number,
  payloadBytes: number | undefined,
): boolean {
  if (usage?.output === undefined || payloadBytes === undefined) return false
  if ((usage.reasoning ?? 0) > 0 && reasoningChunks === 0) return true
  return usage.output > payloadBytes + 16
}
