import { LATE_MS } from './client.ts'
import { LABELS, counter } from './definers.ts'
import type { MetricDef } from './types.ts'

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
