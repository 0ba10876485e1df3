/** What a workload asks of the server, in any wire format. Lengths in tokens. */
export interface GenerationRequest {
  /** Conversation so far; a protocol without messages joins their contents. */
  messages?: ChatMessage[]
  /** Plain prompt(s): completions, code completion; an array is one batched request. */
  prompt?: string | string[]
  /** Texts to embed. */
  input?: string | string[]
  /** Upper bound on the answer's length, tokens. */
  maxTokens?: number
  /** Lower bound on the answer's length, tokens, for servers that accept `min_tokens`. */
  minTokens?: number
  /** Generate past the end-of-sequence token, for servers that accept `ignore_eos`. */
  ignoreEos?: boolean
  temperature?: number
  tools?: readonly unknown[]
  toolChoice?: unknown
  responseFormat?: unknown
  /** Merged into the JSON body last: anything that one server accepts and this interface does not have. */
  extra?: Record<string, unknown>
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool'
  content: string
  [field: string]: unknown
}

/** Facts about a server that change how requests are written; found by the preflight. */
export interface EncodeOptions {
  model: string
  stream: boolean
  /** `stream_options.include_usage`; false for servers that reject it. */
  includeUsage: boolean
  /** `stream_options.continuous_usage_stats` (vLLM): exact token counts on every chunk. */
  continuousUsage?: boolean
  /** Whether it accepts the answer's limit only as `max_completion_tokens` (OpenAI's reasoning models). */
  maxCompletionTokens?: boolean
}

export interface EncodedRequest {
  method: 'POST'
  /** Appended to the base URL's path, e.g. `/chat/completions`. */
  path: string
  /** The same for every request to this path. */
  headers: Readonly<Record<string, string>>
  body: string
}

/** A wire format: how a request is written and how its stream is read. Pure. */
export interface Protocol {
  name: string
  framing: 'sse' | 'ndjson'
  /** Its path starts at the server's root: a trailing `/v1` of the base URL is dropped. */
  native: boolean
  /** false: it answers in one piece whatever was asked (embeddings). */
  streams: boolean
  /** What an answer must end with to count as complete; shown when a stream is truncated. */
  terminator: string
  encode(request: GenerationRequest, options: EncodeOptions): EncodedRequest
  createDecoder(sink: DecoderSink, options?: DecoderOptions): StreamDecoder
  /** Reads a whole (not streamed) JSON answer. */
  decodeWhole(body: string): WholeAnswer
}

export interface DecoderOptions {
  /** Collect the generated text (conversations, evaluation); off where it is not needed. */
  collectText?: boolean
  /** Parse every event in full; the reference that the shortcuts are tested against. */
  fullParse?: boolean
}

/**
 * Reads a response body as it arrives. `text` is a byte string: one character per byte (code units
 * 0-255), so that offsets are byte offsets and no character is cut in half; see lib/http/bytes.ts.
 */
export interface StreamDecoder {
  /**
   * @param text byte string that holds body bytes
   * @param from,to the body bytes are `text.slice(from, to)`
   * @param atMs arrival time of these bytes on the run's clock
   * @returns true when the next events are likely to repeat this one, so that `skip` may find them
   */
  feed(text: string, from: number, to: number, atMs: number): boolean
  /**
   * Reads the events ahead that repeat the last one except for their text. Only directly after a `feed`
   * that returned true.
   *
   * @returns what `scan` found
   */
  skip(scan: RepeatScan): Repeats | undefined
  /** The body is over; emits an event that no blank line closed. */
  end(): StreamEnd
  /** Forgets the answer, to read another one: cheaper than another decoder. */
  reset(): void
}

/**
 * Looks ahead for HTTP chunks that are `head + text + tail`, with a text that is the body of a JSON string
 * literal which `tail` closes: no `"` in it, and no backslash at its end.
 *
 * @returns undefined when the next chunk is none
 */
export type RepeatScan = (head: string, tail: string) => Repeats | undefined

export interface Repeats {
  /** Offset of the chunk after them. */
  end: number
  /** Length of all their bodies, bytes. */
  bodyBytes: number
  /** Length of all their texts, bytes. */
  textBytes: number
  /** Arrival time of each chunk, ms on the run's clock. */
  timesMs: readonly number[]
  /** Largest gap between two of these times, ms; 0 when there is one. */
  longestGapMs: number
  /** Number of such gaps at which two chunks did not come together. */
  gapsApart: number
}

/** Called for every token, so an implementation may only store numbers. */
export interface DecoderSink {
  /** An event with generated payload. `tokens` only where the wire gives them. */
  onTokens(atMs: number, kind: 'answer' | 'reasoning', tokens: number | undefined): void
  /** `onTokens` for each of these chunks. */
  onRepeats(found: Repeats, kind: 'answer' | 'reasoning', tokens: number | undefined): void
  /** An event with a token without text: it moves the mark of the last token, not of the first. */
  onBlank(atMs: number, tokens: number | undefined): void
  /** An error object inside the stream: the request has failed, whatever its status. */
  onError(message: string, type: string | undefined): void
  /** The terminal marker was read. */
  onDone(atMs: number): void
}

export interface StreamEnd {
  done: boolean
  finishReason: string | undefined
  /** Arrival time of the event with the finish reason. */
  finishMs: number | undefined
  usage: Usage | undefined
  /** The usage contradicted itself: reset by zeros, or given per event instead of as totals. */
  usageOdd: boolean
  /** Each event's count was its own, not that of the answer so far. */
  countsPerEvent: boolean
  /** Events without text before the first text, where no count gives their tokens. */
  leadingBlanks: number
  /** The part of the body that was no event, up to 16 kB. */
  stray: string
  /** Only with `collectText`. */
  text: string | undefined
  reasoningText: string | undefined
  toolCalls: readonly CalledTool[] | undefined
  /** Malformed and unknown events: counted, never fatal. */
  malformed: number
  /**
   * Bytes of generated payload that were streamed (JSON escapes may count as written). A token is at
   * least one byte, so a server that bills more tokens than this has hidden some.
   */
  payloadBytes: number
  /** Reasoning among these bytes; a summary of reasoning does not count. */
  reasoningBytes: number
}

/** As the server bills it. Never add `reasoning` to `output`, which includes it. */
export interface Usage {
  input: number | undefined
  output: number | undefined
  cached: number | undefined
  reasoning: number | undefined
  /** Prompt and answer together, where the server gives the sum. */
  total?: number
}

/** A function that the model called; `arguments` is the JSON text as the server sent it. */
export interface CalledTool {
  name: string
  arguments: string
}

export interface WholeAnswer {
  error: { message: string; type: string | undefined } | undefined
  usage: Usage | undefined
  finishReason: string | undefined
  text: string | undefined
  toolCalls?: readonly CalledTool[]
}
