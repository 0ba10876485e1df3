import { latency } from './definers.ts'
import type { MetricDef } from './types.ts'

/**
 * Times of a request. `sent` = its last byte was handed to an open connection; n = output tokens, n1 =
 * tokens in the first content chunk (1 unless the wire tells), or in the first bunch of chunks. A failed
 * request enters no latency.
 */
export const LATENCIES = [
  latency(
    'llm_ttft',
    'ttftMs',
    'TTFT',
    'first generated token of any kind (answer, reasoning, tool call) - sent',
    'no generated token',
    'always',
  ),
  latency(
    'llm_ttfo',
    'ttfoMs',
    'TTFO',
    'first token of the answer proper (not of reasoning) - sent',
    'the answer has reasoning only',
    'differs',
  ),
  latency('llm_ttfb', 'ttfbMs', 'TTFB', 'first byte of the body - sent', 'no body', 'never'),
  latency(
    'llm_tpot',
    'tpotMs',
    'TPOT',
    '(last token - first token) / (n - n1)',
    'n <= n1, or the server billed clearly more tokens than it streamed (hidden reasoning)',
    'always',
    ['tokens'],
  ),
  latency(
    'llm_icl',
    'iclMs',
    'ICL',
    'gap between neighbouring content chunks; a random share of the gaps, see gap sampling',
    'fewer than two content chunks',
    'never',
  ),
  latency(
    'llm_itl',
    'itlMs',
    'ITL',
    'gap between neighbouring content chunks / tokens in the later one, where the wire tells; else the gap',
    'fewer than two content chunks',
    'sampled',
  ),
  latency(
    'llm_stall',
    'stallMs',
    'Longest stall',
    'largest gap between content chunks of a request',
    'fewer than two content chunks',
    'never',
  ),
  latency('llm_e2e', 'e2eMs', 'E2E', 'last token - sent', 'no generated token', 'always'),
  latency('llm_stream', 'streamMs', 'Stream', 'end of the body - sent', 'no body', 'never'),
  latency(
    'llm_connecting',
    'connectingMs',
    'Connecting',
    'time to open the connection, TLS included',
    'a connection was reused',
    'never',
  ),
  latency(
    'llm_tls_handshake',
    'tlsMs',
    'TLS handshake',
    'the part of connecting that TLS takes (own socket module; over k6/http: http_req_tls_handshaking)',
    'no TLS, a connection was reused, or the official socket module',
    'never',
  ),
  {
    ...latency(
      'llm_lateness',
      'latenessMs',
      'Start lateness',
      'start - due, of every request, failed ones too: it tells about the client, not the server',
      'no schedule',
      'never',
    ),
    completedOnly: false,
  },
  latency(
    'llm_ttft_due',
    'ttftDueMs',
    'TTFT from due',
    'first generated token - due time (closed loop: start of the iteration; connecting is inside)',
    'no generated token',
    'never',
  ),
  latency(
    'llm_e2e_due',
    'e2eDueMs',
    'E2E from due',
    'last token - due time (closed loop: start of the iteration; connecting is inside)',
    'no generated token',
    'never',
  ),
] as const satisfies readonly MetricDef[]

const QUEUED: readonly string[] = [
  'llm_ttft',
  'llm_ttfo',
  'llm_ttfb',
  'llm_e2e',
  'llm_stream',
  'llm_ttft_due',
  'llm_e2e_due',
] satisfies (typeof LATENCIES)[number]['name'][]

/** Whether the wait for a place in the server's queue is in a latency: then slow requests come in rushes. */
export function isQueued(name: string): boolean {
  return QUEUED.includes(name)
}
