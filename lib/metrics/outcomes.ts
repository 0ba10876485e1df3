/** What becomes of a request, in the order in which a summary lists it. */
export const OUTCOMES = [
  'completed',
  'truncated',
  'stream_error',
  'http_error',
  'connect_error',
  'timeout',
  'empty',
  'aborted',
] as const

/**
 * Reasons that get a line of their own: k6 keeps a sub-metric only for selectors known before the
 * run. A reason that is not here counts as "other" of its outcome.
 */
export const REASONS: Readonly<Record<string, readonly string[]>> = {
  truncated: ['closed', 'no_terminator', 'reset', 'malformed'],
  stream_error: ['error_event', 'malformed', 'malformed_stream'],
  http_error: [
    ...[301, 302, 307, 308, 400, 401, 402, 403, 404, 405, 408, 413, 415, 422, 424, 429],
    ...[500, 501, 502, 503, 504, 507, 520, 522, 524, 529],
  ].map((status) => `http_${status}`),
  connect_error: ['connect_refused', 'dns', 'tls', 'connect_timeout', 'connect_failed', 'reset'],
  timeout: ['connect', 'first_token', 'idle', 'whole'],
  empty: ['no_tokens', 'empty'],
  aborted: ['abandoned', 'run_end', 'aborted'],
}

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
