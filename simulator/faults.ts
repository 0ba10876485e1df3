import type { FormatName } from './formats/names.ts'

/** One way in which the server misbehaves. */
export interface FaultKind {
  /** What a client sees. */
  what: string
  /** Wire formats that can show it. */
  formats: readonly FormatName[]
  /** What `=value` means, and its default. */
  value?: { default: number; meaning: string }
  /** It takes `@token`: strikes before this token. */
  at?: boolean
}

const openai = ['chat', 'completions'] as const
const ndjson = ['ollama-chat', 'ollama-generate'] as const
const sse = [...openai, 'responses', 'anthropic', 'tgi', 'triton', 'sglang', 'llamacpp'] as const
const streams = [...sse, ...ndjson] as const
const every = [...streams, 'embeddings'] as const
/** Those that tell counts; triton has none. */
const counted = [
  ...openai,
  'responses',
  'anthropic',
  'tgi',
  'sglang',
  'llamacpp',
  ...ndjson,
] as const
/** Those with an event that ends the answer and carries no token. */
const ended = [...openai, 'responses', 'anthropic', 'sglang', 'llamacpp', ...ndjson] as const
const doneLine = [...openai, 'sglang'] as const

/** In place of an answer. */
const instead = {
  '429': { what: 'rate limited', formats: every, value: n(1, 'Retry-After in s') },
  '500': { what: 'internal server error', formats: every },
  '503': { what: 'overloaded', formats: every, value: n(0, 'Retry-After in s, 0 = none') },
  'max-completion-only': {
    what: 'status 400 on max_tokens: max_completion_tokens is wanted',
    formats: ['chat'],
  },
  'echo-key': {
    what: "status 401 whose words and headers repeat the client's key",
    formats: every,
  },
  'error-bare': { what: 'a bare JSON error in the body of a 200', formats: every },
  html: { what: 'a web page with status 200', formats: every },
  garbage: { what: 'an answer that is no HTTP', formats: every },
  'no-answer': { what: 'the request is read, nothing is ever sent', formats: every },
  'reset-early': {
    what: 'the request is read, then TCP reset without a byte',
    formats: every,
    value: ms(200),
  },
  'reset-reused': {
    what: 'the same, on every second request of a kept connection',
    formats: every,
    value: ms(200),
  },
  refuse: {
    what: 'all connections dropped and new ones refused for so long',
    formats: every,
    value: ms(1000),
  },
} as const satisfies Record<string, FaultKind>

/** In the middle of a stream, before token `@n`. */
const midway = {
  reset: { what: 'TCP reset', formats: streams, at: true },
  cut: { what: 'connection closed, without the end of the body', formats: streams, at: true },
  truncate: { what: 'the body ends cleanly, without its last events', formats: streams, at: true },
  stall: {
    what: 'silence for so long, then all that was due (0 = for ever)',
    formats: streams,
    at: true,
    value: ms(500),
  },
  'bad-json': {
    what: 'an event that is no JSON, then the stream goes on',
    formats: streams,
    at: true,
  },
  'bad-chunk': { what: 'an invalid chunk size', formats: streams, at: true },
  'error-event': {
    what: "an error in the format's own words, then the end",
    formats: streams,
    at: true,
  },
  'error-flat': { what: '`event: error` with a flat object, then the end', formats: sse, at: true },
  'error-details': {
    what: '`event: error` with code and details, then the end',
    formats: sse,
    at: true,
  },
  'error-choice': { what: 'an error inside a choice', formats: openai, at: true },
  'finish-abort': {
    what: 'the engine gives the request up: finish reason abort',
    formats: [...openai, 'responses', 'sglang'],
    at: true,
  },
  'finish-error': {
    what: 'finish reason error (response.failed)',
    formats: [...openai, 'responses'],
    at: true,
  },
  'finish-filter': {
    what: 'cut by policy: finish reason content_filter (refusal)',
    formats: [...openai, 'responses', 'anthropic'],
    at: true,
  },
} as const satisfies Record<string, FaultKind>

/** What is generated, and what is said of it. */
const content = {
  'eos-tail': {
    what: 'the model goes on past its end: tokens without text from there on',
    formats: streams,
    at: true,
  },
  'eos-silent': {
    what: 'the same, and nothing is sent for such tokens',
    formats: ended,
    at: true,
  },
  empty: { what: 'all events but those of tokens', formats: streams },
  wrong: { what: 'the right answer to another question that the server knows', formats: streams },
  garbled: { what: 'a third of the tokens are broken characters', formats: streams },
  loop: { what: 'the same words over and over', formats: streams },
  'broken-json': {
    what: 'JSON of a schema (or arguments of a call) without its end',
    formats: ['chat'],
  },
  'reasoning-details': { what: 'reasoning in reasoning_details alone', formats: ['chat'] },
  'hidden-reasoning': {
    what: 'bills so many times the tokens that it streams',
    formats: counted,
    value: n(3, 'times'),
  },
  'no-usage': { what: 'no usage, asked for or not', formats: counted },
  'usage-low': {
    what: 'usage tells fewer tokens than came',
    formats: counted,
    value: n(3, 'tokens'),
  },
  'usage-zero': {
    what: 'the right usage, then zeros',
    formats: ended,
  },
  'usage-no-reasoning': {
    what: 'usage leaves reasoning out of the output tokens',
    formats: ['chat', 'responses'],
  },
  'usage-total': {
    what: 'total tokens that are not the sum',
    formats: [...openai, 'responses'],
  },
  'usage-float': { what: 'counts with a fraction', formats: counted },
  'usage-text': { what: 'counts as text', formats: counted },
  'usage-chunks': { what: 'each chunk tells its own count, and no usage follows', formats: openai },
  'usage-in-choice': { what: 'usage inside choices[0]', formats: openai },
  'usage-x-groq': { what: 'usage under x_groq', formats: openai },
  'error-empty': { what: '`error: ""` in every event', formats: streams },
} as const satisfies Record<string, FaultKind>

/** How events are put into the body. */
const framing = {
  burst: {
    what: 'many tokens in one event',
    formats: streams.filter((name) => name !== 'tgi'),
    value: n(8, 'tokens per event'),
  },
  coalesce: {
    what: 'many events in one HTTP chunk',
    formats: streams,
    value: n(8, 'events per write'),
  },
  dribble: {
    what: 'one byte per write; without a pause the reader still gets many at once',
    formats: streams,
    value: n(0, 'ms between bytes'),
  },
  unicode: { what: 'non-ASCII text', formats: streams },
  'split-utf8': { what: 'non-ASCII text, chunks cut inside its characters', formats: streams },
  crlf: { what: 'lines end with CR LF', formats: streams },
  cr: { what: 'lines end with CR', formats: sse },
  'no-space': { what: '`data:` without a space after it', formats: sse },
  comments: {
    what: 'comment lines, id and retry fields, blank lines between events',
    formats: sse,
  },
  ping: { what: 'a comment every so often while the stream is open', formats: sse, value: ms(50) },
  'ping-event': { what: 'the same with `event: ping`', formats: sse, value: ms(50) },
  'foreign-events': { what: "a gateway's named events before and after the answer", formats: sse },
  'no-done': { what: 'everything but the terminal marker', formats: ended },
  'done-blank': { what: 'a blank behind [DONE]', formats: doneLine },
} as const satisfies Record<string, FaultKind>

/** How the body and the connection are handled. */
const transfer = {
  'slow-headers': { what: 'not a byte before this time', formats: streams, value: ms(500) },
  'early-headers': {
    what: 'headers and role at once, no token before this time',
    formats: streams,
    value: ms(1000),
  },
  'json-type': { what: 'a stream labelled application/json', formats: streams },
  'not-streaming': { what: 'a whole answer although a stream was asked for', formats: streams },
  buffered: { what: 'a proxy that holds everything back to the end', formats: streams },
  'content-length': { what: 'the same, and the body has a Content-Length', formats: streams },
  'long-length': { what: 'Content-Length larger than the body, then closed', formats: streams },
  'short-length': { what: 'Content-Length smaller than the body', formats: streams },
  'open-after-done': {
    what: 'the body stays open after the terminal marker (0 = until the client leaves)',
    formats: streams.filter((name) => name !== 'triton'),
    value: ms(0),
  },
  'close-unsaid': {
    what: 'the connection is closed after the answer, which no header has said',
    formats: every,
  },
  'unasked-answer': { what: 'a second answer that nobody asked for follows', formats: every },
} as const satisfies Record<string, FaultKind>

/** Every fault that the simulator knows: the one table that help, checks and tests read. */
export const faultKinds = { ...instead, ...midway, ...content, ...framing, ...transfer } as const

export type FaultName = keyof typeof faultKinds

function ms(value: number): NonNullable<FaultKind['value']> {
  return { default: value, meaning: 'ms' }
}

function n(value: number, meaning: string): NonNullable<FaultKind['value']> {
  return { default: value, meaning }
}
