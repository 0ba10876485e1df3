import { faultKinds } from '../../simulator/index.ts'
import type { FaultName, FormatName } from '../../simulator/index.ts'
import type { KindName } from './kinds.ts'
import { but, counts, fails, noted, STREAMS } from './rows.ts'
import type { Expected } from './rows.ts'

/** A fault of the simulator, asked for by a prompt, and what must be said of it. */
export interface Simulated {
  name: string
  fault: string
  kind: KindName
  formats: readonly FormatName[]
  /** Of the server, ms since the request. */
  firstTokenMs: number
  expect(format: FormatName): Expected
}

/** Of the simulator when nothing holds it back. */
export const TTFT_MS = 30

interface Asked {
  kind: KindName
  expect: Expected | ((format: FormatName) => Expected)
  /** As it is asked for, where not by its bare name. */
  as?: string
  firstTokenMs?: number
}

const bad = fails('stream_error', 'bad_http')
const error = fails('stream_error', 'error_event')
const other = fails('stream_error', 'not_streaming')
const unended = fails('truncated', 'no_terminator')
const fine: Asked = { kind: 'as_specified', expect: counts() }
const none: Asked = { kind: 'no_usage', expect: counts() }
const odd: Asked = { kind: 'usage_corrected', expect: noted('usage_corrected') }
const stream = (format: FormatName) => format !== 'ollama-chat' && format !== 'ollama-generate'

/**
 * What must be said of each fault that the simulator knows: a new one has to be added here. Undefined where
 * a single request cannot show it; end-to-end tests of their own do.
 */
const ASKED: Record<FaultName, Asked | undefined> = {
  '429': { kind: 'http_status', expect: fails('http_error', 'http_429') },
  '500': { kind: 'http_status', expect: fails('http_error', 'http_500') },
  '503': { kind: 'http_status', expect: fails('http_error', 'http_503') },
  'max-completion-only': { kind: 'http_status', expect: fails('http_error', 'http_400') },
  'echo-key': { kind: 'http_status', expect: fails('http_error', 'http_401') },
  'error-bare': { kind: 'error_inside', expect: error },
  html: { kind: 'not_streaming', expect: other },
  garbage: { kind: 'bad_http', expect: bad },
  'no-answer': { kind: 'silence', expect: fails('timeout', 'first_token_timeout') },
  'reset-early': { kind: 'connection_lost', expect: fails('connect_error', 'connection_reset') },
  'reset-reused': undefined,
  refuse: undefined,

  reset: { kind: 'reset', expect: fails('truncated', 'connection_reset') },
  cut: { kind: 'cut', expect: fails('truncated', 'body_cut') },
  truncate: {
    kind: 'ended_early',
    // Triton has no terminal marker: its answers end wherever they end.
    expect: but(fails('truncated', 'no_terminator'), { triton: counts({ tokens: 2 }) }),
  },
  stall: fine,
  'bad-json': { kind: 'malformed', expect: counts({ malformed: 1 }) },
  'bad-chunk': { kind: 'bad_http', expect: bad },
  'error-event': { kind: 'error_inside', expect: error },
  'error-flat': { kind: 'error_inside', expect: error },
  'error-details': { kind: 'error_inside', expect: error },
  'error-choice': { kind: 'error_inside', expect: error },
  'finish-abort': { kind: 'finish_abort', expect: fails('truncated', 'finish_abort') },
  'finish-error': {
    kind: 'finish_error',
    expect: but(fails('stream_error', 'finish_error'), { responses: error }),
  },
  'finish-filter': { kind: 'finish_filter', expect: fails('truncated', 'content_filter') },

  'eos-tail': { kind: 'blank_tokens', expect: counts() },
  'eos-silent': {
    kind: 'last_estimated',
    // No note where each event tells the count so far, or where the last reads came together.
    expect: counts({ mayNote: ['last_token_estimated'] }),
  },
  empty: {
    kind: 'empty',
    expect: fails('empty', 'empty_answer'),
  },
  // Of what an answer says, only graders know.
  wrong: fine,
  garbled: fine,
  loop: fine,
  'broken-json': fine,
  'reasoning-details': fine,
  'hidden-reasoning': {
    kind: 'hidden_reasoning',
    as: 'hidden-reasoning=20',
    expect: counts({ tokens: 100, hidden: true }),
  },
  'no-usage': none,
  'usage-low': { ...odd, as: 'usage-low=3' },
  'usage-zero': odd,
  'usage-no-reasoning': odd,
  'usage-total': odd,
  'usage-float': none,
  'usage-text': fine,
  'usage-chunks': odd,
  'usage-in-choice': fine,
  'usage-x-groq': fine,
  'error-empty': { kind: 'noise', expect: counts() },

  burst: {
    kind: 'as_specified',
    as: 'burst=2',
    expect: but(counts({ mayNote: ['last_token_estimated'] }), { triton: counts({ tokens: 3 }) }),
  },
  coalesce: fine,
  // A server that writes so is busy itself; rows of scripts come byte by byte.
  dribble: undefined,
  unicode: fine,
  'split-utf8': fine,
  crlf: fine,
  cr: fine,
  'no-space': fine,
  comments: fine,
  ping: { kind: 'noise', as: 'ping=5', expect: counts() },
  'ping-event': { kind: 'noise', as: 'ping-event=5', expect: counts() },
  'foreign-events': { kind: 'noise', expect: counts() },
  'no-done': {
    kind: 'no_done',
    // Their terminal marker is what tells the finish reason.
    expect: but(noted('no_terminator'), {
      responses: unended,
      llamacpp: unended,
      'ollama-chat': unended,
      'ollama-generate': unended,
    }),
  },
  'done-blank': { kind: 'noise', expect: counts() },

  'slow-headers': { ...fine, as: 'slow-headers=300', firstTokenMs: 300 },
  'early-headers': { ...fine, as: 'early-headers=300', firstTokenMs: 300 },
  'json-type': {
    kind: 'content_type',
    expect: (format) => (stream(format) ? noted('content_type') : counts()),
  },
  'not-streaming': { kind: 'not_streaming', expect: other },
  buffered: fine,
  'content-length': fine,
  'long-length': {
    kind: 'cut',
    expect: but(counts(), { triton: fails('truncated', 'body_cut') }),
  },
  'short-length': undefined,
  'open-after-done': { kind: 'left_open', expect: noted('left_open') },
  'close-unsaid': fine,
  'unasked-answer': { kind: 'after_marker', expect: counts() },
}

const plain: Simulated = {
  name: 'simulator/none',
  fault: 'none',
  kind: 'as_specified',
  formats: STREAMS,
  firstTokenMs: TTFT_MS,
  expect: () => counts(),
}

/** Every fault of the simulator that one request shows, with the wire formats that it is for; none first. */
export const simulated: readonly Simulated[] = [
  plain,
  ...Object.entries(ASKED).flatMap(([fault, asked]) => {
    if (asked === undefined) return []
    const { kind, expect, as = fault, firstTokenMs = TTFT_MS } = asked
    const { formats } = faultKinds[fault as FaultName]
    const streaming = STREAMS.filter((format) =>
      (formats as readonly FormatName[]).includes(format),
    )
    const name = `simulator/${as}`
    return [
      {
        name,
        fault: as,
        kind,
        formats: streaming,
        firstTokenMs,
        expect: typeof expect === 'function' ? expect : () => expect,
      },
    ]
  }),
]
