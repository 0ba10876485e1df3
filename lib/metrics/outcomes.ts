/** What becomes of a request, in the order in which a summary lists it. */
export const OUTCOMES = [
  'completed',
  'truncated',
  'stream_error',
  'http_error',
  'connect_error',
  'timeout',
  'empty',
  'cancelled',
  'aborted',
] as const

/**
 * Reasons that get a line of their own: k6 keeps a sub-metric only for selectors known before the
 * run. A reason that is not here counts as "other" of its outcome.
 */
export const REASONS: Readonly<Record<string, readonly string[]>> = {
  truncated: ['no_terminator', 'body_cut', 'connection_reset', 'finish_abort', 'content_filter'],
  stream_error: [
    'error_event',
    'finish_error',
    'unasked_answer',
    'event_too_large',
    'too_many_events',
    'not_streaming',
    'bad_json',
    'bad_http',
    'content_encoding',
    'client_error',
  ],
  // prettier-ignore
  http_error: [
    301, 302, 307, 308, 400, 401, 402, 403, 404, 405, 408, 413, 415, 422, 424, 429,
    500, 501, 502, 503, 504, 507, 520, 522, 524, 529,
  ].map((status) => `http_${status}`),
  connect_error: [
    'connect_refused',
    'dns',
    'tls_unknown_authority',
    'tls_name_mismatch',
    'tls_expired',
    'tls_client_certificate',
    'tls_handshake',
    'connect_failed',
    'connection_reset',
    'closed_before_answer',
  ],
  timeout: ['connect_timeout', 'first_token_timeout', 'idle_timeout', 'whole_timeout'],
  empty: ['empty_answer'],
  cancelled: ['cancelled_by_user'],
  aborted: ['not_encodable'],
}

/** What is odd in an answer that counts all the same; tag `note` of `llm_request_notes`. */
export const NOTES = [
  'resent',
  'no_terminator',
  'content_type',
  'left_open',
  'usage_corrected',
  'last_token_estimated',
  'first_token_held',
] as const

/** Why the server ended an answer; tag `finish` of `llm_finish_reasons`. */
export const FINISHES = [
  'stop',
  'length',
  'tool_calls',
  'content_filter',
  'abort',
  'error',
  'other',
] as const

/** Which variable names the address of metrics; tag `source` of `llm_server_readings`. */
export const READING_SOURCES = ['METRICS_URL', 'GPU_METRICS_URL', 'default'] as const

/** What came of a try to read metrics; tag `result` of `llm_server_readings`. */
export const READING_RESULTS = [
  'figures',
  'no_figures', // a page without a metric that is known
  'no_answer',
  'http_error', // any status but 2xx
  'too_long',
  'too_many_series',
] as const

export type ReadingSource = (typeof READING_SOURCES)[number]
export type ReadingResult = (typeof READING_RESULTS)[number]

/** What a preflight can find wrong; tag `problem` of `llm_preflight_failed`. */
export const PREFLIGHT_PROBLEMS = [
  'cannot_connect',
  'unauthorized',
  'model_not_found',
  'no_model',
  'path_not_found',
  'not_streaming',
  'rejected',
  'server_error',
  'bad_stream',
  'timeout',
] as const

/**
 * The three things that become of a request: `completed`; `failed`, timeouts included; or `aborted`,
 * given up by the client itself, which says nothing about the server and is neither of the two: also
 * the requests of users who leave (outcome cancelled).
 */
export function outcomeKind(outcome: string): 'completed' | 'failed' | 'aborted' {
  if (outcome === 'completed') return 'completed'
  return outcome === 'aborted' || outcome === 'cancelled' ? 'aborted' : 'failed'
}
