import type { StreamEnd, Usage } from '../protocols/index.ts'
import type { Measure } from './measure.ts'
import type { ExchangeResult, Note } from './types.ts'

/** How many tokens there were, where each count comes from, and when the last token came. */
export type TokenFacts = Pick<
  ExchangeResult,
  | 'tokenSource'
  | 'outputTokens'
  | 'chunks'
  | 'chunkTimesMs'
  | 'chunkTokens'
  | 'firstChunkTokens'
  | 'hiddenReasoning'
> & { lastTokenMs: number | undefined; notes: readonly Note[] }

/** Special tokens without text, and rounding: a bill up to this much above the streamed tokens hides nothing. */
const slack = 16
/** Share of the time between first and last token that matters to TPOT. */
const partThatMatters = 0.02

/**
 * The server's count where it is plausible, else the most that the stream proves: each chunk with text
 * is at least one token. Where fewer tokens were seen than billed, the last one came no later than the
 * event with the finish reason.
 */
export function tokensOf(
  measure: Measure,
  end: StreamEnd | undefined,
  usage: Usage | undefined,
): TokenFacts {
  const { blanks } = measure
  const texts = measure.chunkTimesMs.length - blanks.length
  const billed = billedOf(usage, end?.usageOdd === true)
  const known = end?.countsPerEvent === true ? undefined : measure.chunkTokens()
  // Events without text, beside as many with text as were billed: heartbeats of a gateway.
  const heartbeats = billed.output !== undefined && billed.output <= texts
  const keep = <T>(all: readonly T[]) =>
    heartbeats && blanks.length > 0 ? all.filter((_, i) => !blanks.includes(i)) : all
  const chunkTimesMs = keep(measure.chunkTimesMs)
  const chunkTokens = known && keep(known)
  const chunks = chunkTimesMs.length
  const counted = count(billed, texts, chunks, chunkTokens)
  // A chunk with text is a token that was seen, whatever its own count says.
  const seen = chunkTokens === undefined ? chunks : Math.max(texts, sum(chunkTokens))
  const leading =
    chunkTokens === undefined
      ? Math.max(0, Math.min(end?.leadingBlanks ?? 0, counted.outputTokens - seen))
      : 0
  const hiddenReasoning = hidesReasoning(usage, billed.output, measure, end)
  const last = lastToken(
    chunkTimesMs,
    hiddenReasoning ? 0 : counted.outputTokens - seen - leading,
    end?.finishMs,
  )
  return {
    tokenSource: counted.tokenSource,
    outputTokens: counted.outputTokens,
    chunks,
    chunkTimesMs,
    chunkTokens,
    firstChunkTokens: chunkTokens?.[0] ?? (leading > 0 ? 1 + leading : undefined),
    hiddenReasoning,
    lastTokenMs: last.atMs,
    notes: last.estimated ? [...counted.notes, 'last_token_estimated'] : counted.notes,
  }
}

interface Bill {
  output: number | undefined
  /** Whether it contradicts itself. */
  odd: boolean
}

/** Some servers leave reasoning out of `completion_tokens`: the total shows it. */
function billedOf(usage: Usage | undefined, odd: boolean): Bill {
  const { output, input, total, reasoning = 0 } = usage ?? {}
  if (output === undefined || input === undefined || total === undefined) return { output, odd }
  const rest = total - input
  if (reasoning > 0 && output + reasoning === rest) return { output: rest, odd: true }
  return { output, odd: odd || rest !== output }
}

function count(
  { output, odd }: Bill,
  texts: number,
  chunks: number,
  chunkTokens: readonly number[] | undefined,
): Pick<ExchangeResult, 'tokenSource' | 'outputTokens'> & { notes: readonly Note[] } {
  const notes: Note[] = odd ? ['usage_corrected'] : []
  // A server that sends tokens and bills none does not count; some proxies fill in zeros.
  if (output !== undefined && (output > 0 || texts === 0)) {
    if (output >= texts) return { tokenSource: 'usage', outputTokens: output, notes }
    return { tokenSource: 'chunks', outputTokens: texts, notes: ['usage_corrected'] }
  }
  if (chunkTokens !== undefined) {
    return { tokenSource: 'usage', outputTokens: sum(chunkTokens), notes }
  }
  return { tokenSource: chunks > 0 ? 'chunks' : 'none', outputTokens: chunks, notes }
}

/** @param unseen number of tokens that were billed and came in no chunk */
function lastToken(
  times: readonly number[],
  unseen: number,
  finishMs: number | undefined,
): { atMs: number | undefined; estimated: boolean } {
  const seenMs = times[times.length - 1]
  if (seenMs === undefined || finishMs === undefined || unseen <= 0 || finishMs <= seenMs) {
    return { atMs: seenMs, estimated: false }
  }
  // A single token after the last chunk is the end token, which comes with the finish reason.
  const span = finishMs - times[0]!
  const estimated = unseen > 1 && finishMs - seenMs > span * partThatMatters
  return { atMs: finishMs, estimated }
}

/**
 * Billed but not streamed: reasoning tokens beyond the reasoning text (a summary does not count as such),
 * or more tokens than bytes of payload, as a token is at least one byte. The latter not when a silence after
 * the last text is longer than any before it: that was a tail of tokens without text.
 */
function hidesReasoning(
  usage: Usage | undefined,
  billed: number | undefined,
  measure: Measure,
  end: StreamEnd | undefined,
): boolean {
  if (billed === undefined || end === undefined) return false
  const reasoning = usage?.reasoning ?? 0
  if (reasoning > 0 && end.reasoningBytes === 0) return true
  if (reasoning > end.reasoningBytes + slack) return true
  const streamed = end.payloadBytes + measure.blanks.length + end.leadingBlanks
  return billed > streamed + slack && !hasSilentTail(measure, end.finishMs)
}

function hasSilentTail(
  { chunkTimesMs, longestGapMs }: Measure,
  finishMs: number | undefined,
): boolean {
  if (finishMs === undefined || longestGapMs === undefined) return false
  return finishMs - chunkTimesMs[chunkTimesMs.length - 1]! > longestGapMs
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
