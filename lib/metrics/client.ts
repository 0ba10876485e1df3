import { LABELS, counter } from './definers.ts'
import { TRUST } from './trust.ts'
import type { FinishedRequest, MetricDef } from './types.ts'

/** A request that starts later than this after its due time counts as late, ms. */
export const LATE_MS = TRUST.latenessP99.degraded

const client = <N extends string>(name: N, title: string, formula: string, noValue: string) =>
  ({
    name,
    kind: 'trend',
    unit: 'ms',
    title,
    formula,
    noValue,
    better: 'lower',
    source: 'the client itself',
    completedOnly: false,
    tags: LABELS,
  }) as const satisfies MetricDef

/** What the client says of itself, and how far requests and answers were as long as wanted. */
export const CLIENT = [
  client(
    'llm_client_delay',
    'Handler delay',
    "largest delay of a request's deliveries: handler's start - the moment the socket module was to hand the bytes over (the wait for more bytes, which is meant, is not in it); at the end of an answer: when the request was known to be over - arrival of its last byte",
    'official socket module, or no bytes came',
  ),
  client(
    'llm_timer_overshoot',
    'Timer overshoot',
    'how much later than asked a timer inside the VU fired: the wait for the due time, or 20 ms into the answer; the larger of both',
    'the answer was there within 20 ms and nothing was waited for',
  ),
  counter(
    'llm_late_requests',
    'requests',
    'Late requests',
    `requests that started more than ${LATE_MS} ms after they were due; cause no_vu: all VUs were busy; cause client: a VU waited for it and woke up late`,
    'start - due',
    'lower',
    ['cause'],
    'no schedule',
  ),
  client(
    'llm_client_pause',
    'Pause after a failure',
    'how long a VU of a closed loop waited before its next request, as this one failed within 100 ms: 10 ms, doubled with each such failure in a row, 1 s at most',
    'no such failure, or no closed loop',
  ),
  {
    name: 'llm_input_miss',
    kind: 'trend',
    unit: 'tokens',
    title: 'Prompt length miss',
    formula: "|prompt tokens by the server's usage - wanted ones| of a completed request",
    noValue: 'no usage, or no length was wanted',
    better: 'lower',
    source: 'usage.input, workload',
    completedOnly: true,
    tags: LABELS,
  },
  {
    name: 'llm_input_as_wanted',
    kind: 'rate',
    unit: 'share',
    title: 'Prompts as long as wanted',
    formula:
      'share of completed requests whose prompt is within 2 % or 2 tokens of what was wanted',
    noValue: 'no usage, or no length was wanted',
    better: 'higher',
    source: 'usage.input, workload',
    completedOnly: true,
    tags: LABELS,
  },
  {
    name: 'llm_output_as_wanted',
    kind: 'rate',
    unit: 'share',
    title: 'Answers as long as wanted',
    formula:
      'share of completed requests whose answer is within 2 % or 2 tokens of what was wanted',
    noValue: 'no usage, or no length was wanted',
    better: 'none',
    source: 'usage.output, workload',
    completedOnly: true,
    tags: LABELS,
  },
  counter(
    'llm_output_tokens_wanted',
    'tokens',
    'Wanted output tokens',
    'answer tokens that completed requests with usage asked for; beside llm_output_tokens_per_request',
    'workload',
    'none',
    [],
    'no length was wanted',
  ),
] as const satisfies readonly MetricDef[]

export interface ClientFacts {
  latenessMs: number | undefined
  delayMs: number | undefined
  overshootMs: number | undefined
  /** Whether a VU was there before the due time; undefined without a schedule. */
  waited: boolean | undefined
  /** How long the VU waits after this request, as it failed at once; 0: it does not. */
  pauseMs: number
}

type Add = (metric: string, value: number, tags: Readonly<Record<string, string>>) => void
const NO_TAGS = {}

/** Why a request was late; undefined where it was not. */
export function lateCause(
  facts: Pick<ClientFacts, 'latenessMs' | 'waited'>,
): 'no_vu' | 'client' | undefined {
  if (facts.latenessMs === undefined || facts.latenessMs <= LATE_MS) return undefined
  return facts.waited === true ? 'client' : 'no_vu'
}

/** Samples of one request about the client. */
export function clientSamples(facts: ClientFacts, add: Add): void {
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
  add: Add,
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
