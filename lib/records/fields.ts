import type { AnswerRecord, RequestRecord } from './types.ts'

export type FieldKind =
  'text' | 'texts' | 'number' | 'count' | 'flag' | 'numbers' | 'counts' | 'grades' | 'calls'

export interface Field {
  kind: FieldKind
  /** `always`, or when a record has the field. */
  given: string
  meaning: string
}

const field = (kind: FieldKind, given: string, meaning: string): Field => ({ kind, given, meaning })
const time = (given: string, meaning: string) => field('number', given, `${meaning}, ms`)

/** Every field of a request's record: used by the reader's checks and listed in docs/results.md. */
export const REQUEST_FIELDS = {
  v: field('count', 'always', 'version of the records format'),
  record: field('text', 'always', '`request`'),
  id: field(
    'text',
    'always',
    "k6 scenario and iteration: unique in a run, over all of a run's pods",
  ),

  dueMs: time('with a schedule', 'when the request was due'),
  startMs: time('always', 'when an iteration took it up'),
  sentMs: time('once sent', 'when its last byte was handed to an open connection'),
  headersMs: time('once there', "when the answer's head was whole"),
  firstByteMs: time('once there', 'first byte of the body'),
  firstTokenMs: time('once there', 'first generated token of any kind'),
  firstAnswerMs: time('once there', 'first token of the answer proper, not of reasoning'),
  lastTokenMs: time('once there', 'last generated token'),
  endMs: time('always', 'end of the body, or when the request was given up'),
  connectingMs: time('unless a connection was reused', 'length of connecting, TLS included'),
  tlsMs: time('with TLS, own socket module', 'of these, the TLS handshake'),

  outcome: field(
    'text',
    'always',
    '`completed`, `truncated`, `stream_error`, `http_error`, `connect_error`, `timeout`, `empty`, `cancelled` or `aborted`',
  ),
  reason: field('text', 'always', 'short word, such as `http_503`; empty when completed'),
  message: field('text', 'of failures', "the server's or the engine's words, shortened"),
  httpStatus: field('count', 'once there', 'status of the answer'),
  retryAfterS: field('number', 'when sent', '`retry-after` of the answer, s'),
  finishReason: field('text', 'when sent', 'why the server ended the answer'),

  phase: field('text', 'always', 'phase of the plan in which the request was due'),
  measured: field('flag', 'always', 'whether that phase is measured'),
  slice: field('text', 'in measured phases', 'slice of the phase'),
  app: field('text', 'always', 'kind of application'),
  model: field('text', 'always', 'model asked for'),
  endpoint: field('text', 'with several endpoints', 'name of the endpoint'),
  step: field('text', 'in sweeps', 'step of the sweep'),
  session: field('text', 'in conversations', 'conversation it belongs to'),
  turn: field('count', 'in conversations', 'turn of the conversation, from 1'),
  promptId: field('text', 'always', 'names the prompt: equal ids are equal prompts'),

  inputTokens: field('count', 'with usage', "prompt tokens by the server's count"),
  cachedTokens: field('count', 'when reported', 'of these, read from the prefix cache'),
  outputTokens: field('number', 'always', 'output tokens by `tokenSource`; partial when it failed'),
  reasoningTokens: field('count', 'when reported', 'of these, reasoning'),
  tokenSource: field(
    'text',
    'always',
    '`usage`: the server counted; `chunks`: an estimate; `none`',
  ),
  hiddenReasoning: field('flag', 'when true', 'the server billed more than it streamed: no TPOT'),
  notes: field(
    'texts',
    'when there are any',
    'what is odd in an answer that counts all the same: `resent`, `no_terminator`, `content_type`, `left_open`, `usage_corrected`, `last_token_estimated`, `first_token_held`',
  ),
  malformedEvents: field(
    'count',
    'when there are any',
    'events that are no frame of the API, in no figure',
  ),
  chunks: field('count', 'always', 'content chunks received'),
  firstChunkTokens: field(
    'count',
    'where the wire tells, or in bunches',
    'tokens in the first chunk or bunch',
  ),
  bunches: field('count', 'where chunks came in bunches', 'number of bunches'),
  askedInputTokens: field('count', 'when asked', 'prompt length that was aimed at'),
  askedOutputTokens: field('count', 'when asked', 'answer length that was asked for'),
  received: field('counts', 'always', 'output tokens by the phase in which they arrived'),

  ttftMs: time('completed', 'firstTokenMs - sentMs'),
  tpotMs: time('completed, where defined', '(lastTokenMs - firstTokenMs) / (n - n1)'),
  e2eMs: time('completed', 'lastTokenMs - sentMs'),
  stallMs: time('completed, two chunks', 'largest gap between chunks'),
  latenessMs: time('with a schedule', 'startMs - dueMs'),
  lateCause: field(
    'text',
    'when more than 20 ms late',
    '`no_vu`: all VUs were busy; `client`: a VU waited for it and woke up late',
  ),
  timerOvershootMs: time(
    'when a timer ran',
    'how much later than asked a timer inside the VU fired',
  ),
  handlerDelayMs: time(
    "with the project's k6",
    'largest delay between bytes being handed over and their handler',
  ),
  pauseMs: time(
    'closed loop, failed within 100 ms',
    'how long the VU waited before its next request, so as not to hammer a dead server',
  ),
  spend: field('number', 'with MAX_SPEND', 'what it cost, in the currency of the prices'),
  good: field(
    'flag',
    'with a latency limit',
    'kept every limit; not of `cancelled` and `aborted` ones',
  ),

  clock: field(
    'text',
    'always',
    '`socket`, `handler` or `buffered`: where arrival times were taken',
  ),
  requestId: field('text', 'when sent', "the server's `x-request-id`"),
  gapsMs: field('numbers', '`RECORDS=gaps`', 'gaps between chunks, to 10 ns'),
  chunkTokens: field('numbers', '`RECORDS=gaps`, where the wire tells', 'tokens of each chunk'),
  text: field('text', '`RECORDS=text`', 'the answer'),
  grades: field(
    'grades',
    'when graded',
    'for each grader: `grader`, `score` (0-1), `passed`, `reason` (`ok` when passed), and `where` in a schema or among the calls',
  ),
  gradersFailed: field('texts', 'when there are any', 'graders that failed themselves'),
  diverged: field(
    'flag',
    'when compared (`COMPARED_SHARE`)',
    'whether the answer differs from the one before the load',
  ),
  divergedAtWord: field('count', 'when it differs', 'first word that differs, from 1'),
} as const satisfies Record<keyof RequestRecord, Field>

/** Every field of the record of a request's texts (`KEEP_ANSWERS`), likewise. */
export const ANSWER_FIELDS = {
  v: field('count', 'always', 'version of the records format'),
  record: field('text', 'always', '`answer`'),
  id: field('text', 'always', 'that of the record of its request, which comes before'),
  prompt: field(
    'text',
    'always',
    'what was asked; several messages with their roles. Of a long text the middle is left out (`[…]`)',
  ),
  promptCut: field('count', 'when cut', 'characters left out of it'),
  answer: field('text', 'always', 'what was answered; empty where nothing was'),
  answerCut: field('count', 'when cut', 'characters left out of it'),
  toolCalls: field('calls', 'when there are any', 'calls of tools: `name` and `arguments` (JSON)'),
  expected: field('texts', 'when known', 'right answers; expected calls as JSON'),
} as const satisfies Record<keyof AnswerRecord, Field>
