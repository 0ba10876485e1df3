/** What a server does, and what becomes of the figures. What we say follows from the rows of the kind. */
export interface Kind {
  does: string
  figures: string
  /** What no row can tell: a warning of the whole run, or a kind that takes more than one request. */
  said?: string
}

/** What servers do, kind by kind: the lines of the table in docs/results.md. */
export const KINDS = {
  as_specified: {
    does: 'does what the specification allows, however rarely seen',
    figures: 'as ever',
  },
  bad_http: { does: 'sends what is no HTTP/1.1, or breaks its framing', figures: 'none, failed' },
  after_marker: {
    does: 'sends more behind the end of its answer',
    figures: 'as ever; the connection is not used again',
  },
  cut: {
    does: 'closes the connection inside the body',
    figures: 'as ever behind the terminal marker; none before it, failed',
  },
  left_open: {
    does: 'leaves the body open behind the terminal marker',
    figures:
      "the marker's time is the end; the connection is closed after 50 ms, from then on at once",
  },
  ended_early: {
    does: 'ends properly, without terminal marker and finish reason',
    figures: 'none, failed',
  },
  content_encoding: {
    does: 'compresses though identity was asked for',
    figures: 'none, failed: a compressed stream has no true times',
  },
  content_type: { does: 'labels its stream as something else', figures: 'as if labelled rightly' },
  not_streaming: {
    does: 'sends a JSON answer, a web page or a text in place of a stream',
    figures: 'none, failed',
  },
  no_done: {
    does: 'ends without its terminal marker, but with a finish reason and properly',
    figures: 'as with it',
  },
  empty: { does: 'ends properly and has sent no token', figures: 'none, failed' },
  blank_tokens: {
    does: 'streams tokens without text (special ones, half a character), or empty events as heartbeats',
    figures:
      'behind the first text each moves the last token, ahead of it they count in n1; as many texts as tokens billed: heartbeats, left out',
  },
  last_estimated: {
    does: 'bills tokens that came in no event',
    figures: 'the event with the finish reason bounds the last token',
  },
  hidden_reasoning: {
    does: 'bills reasoning that it does not stream, or a summary of it',
    figures: 'no TPOT; tokens received are counted by chunks',
  },
  usage_corrected: {
    does: 'sends a usage that cannot be: fewer tokens than texts, sums that do not agree, zeros, counts per chunk',
    figures: 'the most that the stream proves',
  },
  bunched: {
    does: 'sends chunks in bunches: a buffer on the way, a full event loop',
    figures: 'TTFT and ITL as they came, and marked; TPOT counts from the first bunch on (n1)',
    said: 'warning `bunches`, note `first_token_held`',
  },
  no_usage: {
    does: 'sends no usage, or one that holds no counts',
    figures: 'chunks are counted',
    said: 'warning `tokens_estimated`',
  },
  finish_abort: {
    does: 'ends with the finish reason `abort`, `cancelled` …',
    figures: 'none, failed',
  },
  finish_filter: {
    does: 'ends with `content_filter`, `refusal`, `safety` …',
    figures: 'none, failed',
  },
  finish_error: { does: 'ends with the finish reason `error` …', figures: 'none, failed' },
  reset: { does: 'resets the connection inside its answer', figures: 'none, failed' },
  connection_lost: {
    does: 'closes or resets the connection before its answer',
    figures: 'none, failed; sent again where a kept connection ended within a round trip',
  },
  silence: { does: 'falls silent, or goes on for too long', figures: 'none, failed' },
  noise: {
    does: 'sends pings, heartbeats, events of other names, `error: ""` in each frame',
    figures: 'as without',
  },
  malformed: {
    does: 'sends an event that is no frame of the API: broken JSON, another shape, nested too deep',
    figures: 'as without it',
  },
  event_too_large: {
    does: 'sends an event of more than 1 MiB, or a whole answer of more than 16 MiB',
    figures: 'none, failed',
  },
  error_inside: {
    does: 'sends an error inside a 200: in a frame, in a choice, as `event: error`, flat, as a bare JSON',
    figures: 'none, failed',
  },
  unreachable: {
    does: 'cannot be reached',
    figures: 'none, failed',
    said: '`connect_error`: `connect_refused`, `dns`, `connect_failed`, or of TLS `tls_unknown_authority`, `tls_name_mismatch`, `tls_expired`, `tls_client_certificate`, `tls_handshake`; `timeout`, `connect_timeout`',
  },
  ended_as_reused: {
    does: 'closes a kept connection as it is used again, within a round trip',
    figures: 'sent again on a new connection; TTFT and E2E count from the first sending',
    said: 'note `resent`',
  },
  ended_reused_later: {
    does: 'closes a kept connection later than that',
    figures: 'none, failed: it may have begun on the request',
    said: '`connect_error`',
  },
  left_by_user: {
    does: 'is left by a user (`CANCEL_SHARE`, `CANCEL_AFTER`), who closes the connection inside the answer',
    figures: 'none, neither failed nor good; its tokens are `cancelledTokens`',
    said: '`cancelled`, `cancelled_by_user`',
  },
  unasked: {
    does: 'sends bytes before the request was sent',
    figures: 'none, failed: an answer to something else',
    said: '`stream_error`, `unasked_answer`',
  },
  too_many_events: {
    does: 'sends more than 1,048,576 events',
    figures: 'none, failed',
    said: '`stream_error`, `too_many_events`',
  },
  bad_json: {
    does: 'answers a request that is not streamed with what is no JSON object',
    figures: 'none, failed',
    said: '`stream_error`, `bad_json`',
  },
  http_status: {
    does: 'answers with any status but 2xx, whatever its body',
    figures: 'none, failed',
  },
} as const satisfies Record<string, Kind>

export type KindName = keyof typeof KINDS
