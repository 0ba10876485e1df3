import { NO_TAGS, type AddSample } from './adding.ts'
import type { FinishedRequest } from './types.ts'

/** A request that starts later than this after its due time counts as late, ms. */
export const LATE_MS = 20

export interface ClientFacts {
  latenessMs: number | undefined
  delayMs: number | undefined
  overshootMs: number | undefined
  /** Whether a VU was there before the due time; undefined without a schedule. */
  waited: boolean | undefined
  /** How long the VU waits after this request, as it failed at once; 0: it does not. */
  pauseMs: number
}

/** Why a request was late; undefined where it was not. */
export function lateCause(
  facts: Pick<ClientFacts, 'latenessMs' | 'waited'>,
): 'no_vu' | 'client' | undefined {
  if (facts.latenessMs === undefined || facts.latenessMs <= LATE_MS) return undefined
  return facts.waited === true ? 'client' : 'no_vu'
}

/** Samples of one request about the client. */
export function clientSamples(facts: ClientFacts, add: AddSample): void {
  const { delayMs, overshootMs, pauseMs } = facts
  if (pauseMs > 0) add('llm_client_pause', pauseMs, NO_TAGS)
  if (delayMs !== undefined) add('llm_client_delay', delayMs, NO_TAGS)
  if (overshootMs !== undefined) add('llm_timer_overshoot', overshootMs, NO_TAGS)
  const cause = lateCause(facts)
  if (cause !== undefined) add('llm_late_requests', 1, { cause })
}

/** Within 2 % or 2 tokens: what is promised of prompts. */
function asWanted(wanted: number, counted: number): boolean {
  return Math.abs(counted - wanted) <= Math.max(2, wanted * 0.02)
}

/** Samples of one request about the lengths that were wanted of it. */
export function lengthSamples(
  request: Pick<FinishedRequest, 'outcome' | 'usage' | 'tokenSource' | 'outputTokens'>,
  wanted: { inputTokens: number | undefined; outputTokens: number | undefined },
  add: AddSample,
): void {
  if (request.outcome !== 'completed') return
  const counted = request.usage?.input
  if (wanted.inputTokens !== undefined && counted !== undefined) {
    add('llm_input_miss', Math.abs(counted - wanted.inputTokens), NO_TAGS)
    add('llm_input_as_wanted', asWanted(wanted.inputTokens, counted) ? 1 : 0, NO_TAGS)
  }
  if (wanted.outputTokens === undefined || request.tokenSource !== 'usage') return
  add('llm_output_as_wanted', asWanted(wanted.outputTokens, request.outputTokens) ? 1 : 0, NO_TAGS)
  add('llm_output_tokens_wanted', wanted.outputTokens, NO_TAGS)
}
