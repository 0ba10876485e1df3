import { finishKind } from '../protocols/index.ts'
import type { Redactor } from '../safe-text/index.ts'
import type { Seen } from './exchange.ts'
import { atOnce } from './at-once.ts'
import { bunchesOf } from './bunches.ts'
import type { Bunches } from './bunches.ts'
import { headersThatMatter, retryAfterS } from './headers.ts'
import type { Verdict } from './outcomes.ts'
import { tokensOf } from './tokens.ts'
import type { TokenFacts } from './tokens.ts'
import type { ClockSource, ExchangeRequest, ExchangeResult, Marks, Note } from './types.ts'

export interface ResultContext {
  request: ExchangeRequest
  connectingMs: number | undefined
  tlsMs?: number | undefined
  reusedConnection: boolean
  clock: ClockSource
  /** Notes on the way to the answer: that the request was sent again. */
  notes: readonly Note[]
  /** When an earlier sending of the same request began to count; undefined without one. */
  firstSentMs: number | undefined
  redact: Redactor
}

/** The record of a request that had a connection. */
export function resultOf(seen: Seen, context: ResultContext): ExchangeResult {
  const { measure, head } = seen
  const { streamEnd, whole } = seen
  const completed = seen.verdict.outcome === 'completed'
  const usage = streamEnd?.usage ?? whole?.usage
  const tokens = tokensOf(measure, streamEnd, usage)
  const finishReason = streamEnd?.finishReason ?? whole?.finishReason
  const marks = emptyMarks(context, seen.endMs)
  marks.sentMs = context.firstSentMs ?? seen.sentMs
  marks.headersMs = seen.headersMs
  marks.firstByteMs = seen.firstByteMs
  marks.firstTokenMs = tokens.chunkTimesMs[0]
  marks.firstAnswerMs = measure.firstAnswerMs
  // The tokens of a whole answer are there when its body is.
  marks.lastTokenMs = whole !== undefined && completed ? seen.endMs : tokens.lastTokenMs
  // What is known of all chunks: where some count as none, it is found anew.
  const known = tokens.chunks === measure.chunkTimesMs.length
  // What a buffered transport hands over came at once for its own reasons.
  const bunched =
    completed && context.clock !== 'buffered'
      ? bunchesOf(tokens.chunkTimesMs, marks.sentMs, known ? measure.gapsApart : undefined)
      : undefined
  const { collectText } = context.request
  const result: ExchangeResult = {
    ...verdictPart(seen.verdict, context),
    httpStatus: head?.status,
    retryAfterS: head === undefined ? undefined : retryAfterS(head.headers),
    marks,
    usage,
    tokenSource: tokens.tokenSource,
    outputTokens: tokens.outputTokens,
    chunks: tokens.chunks,
    chunkTimesMs: tokens.chunkTimesMs,
    longestGapMs: known ? measure.longestGapMs : undefined,
    chunkTokens: tokens.chunkTokens,
    firstChunkTokens: bunched === undefined ? tokens.firstChunkTokens : firstOf(bunched, tokens),
    bunches: bunched?.bunches,
    hiddenReasoning: tokens.hiddenReasoning,
    notes: context.notes.concat(seen.notes, tokens.notes, held(bunched)),
    malformedEvents: streamEnd?.malformed ?? 0,
    finishReason: finishReason && context.redact.line(finishReason).slice(0, 40),
    finish: finishKind(finishReason),
    text: streamEnd?.text ?? (collectText ? whole?.text : undefined),
    headers: head === undefined ? {} : headersThatMatter(head.headers, context.redact),
  }
  if ((streamEnd?.reasoningBytes ?? 0) > 0) result.reasoned = true
  if (collectText) result.toolCalls = streamEnd?.toolCalls ?? whole?.toolCalls ?? []
  return context.clock === 'buffered' ? atOnce(result) : result
}

/**
 * The first token was held back until its whole bunch came. TPOT therefore counts from the bunch: its
 * last token is the first whose time is right.
 */
function firstOf(
  { first }: Bunches,
  { chunkTokens, firstChunkTokens }: Pick<TokenFacts, 'chunkTokens' | 'firstChunkTokens'>,
): number {
  const known = chunkTokens?.slice(0, first).reduce((sum, tokens) => sum + tokens, 0)
  return known ?? (firstChunkTokens ?? 1) + first - 1
}

function held(bunched: Bunches | undefined): readonly Note[] {
  return bunched !== undefined && bunched.first > 2 ? ['first_token_held'] : []
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
    bunches: undefined,
    chunkTimesMs: [],
    chunkTokens: undefined,
    hiddenReasoning: false,
    notes: context.notes,
    malformedEvents: 0,
    finishReason: undefined,
    finish: undefined,
    text: undefined,
    headers: {},
  }
}

function verdictPart({ outcome, reason, message }: Verdict, context: ResultContext) {
  return {
    outcome,
    reason,
    message: message === undefined ? undefined : context.redact.line(message),
    reusedConnection: context.reusedConnection,
    clock: context.clock,
  }
}

function emptyMarks(context: ResultContext, endMs: number): Marks {
  return {
    dueMs: context.request.dueMs,
    startMs: context.request.startMs,
    connectingMs: context.connectingMs,
    tlsMs: context.tlsMs,
    sentMs: undefined,
    headersMs: undefined,
    firstByteMs: undefined,
    firstTokenMs: undefined,
    firstAnswerMs: undefined,
    lastTokenMs: undefined,
    endMs,
  }
}
