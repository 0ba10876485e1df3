/** What a workload asks of the server, before any wire format. Lengths in tokens. */
export interface GenerationRequest {
  /** Conversation so far; a protocol without messages joins their contents. */
  messages?: ChatMessage[]
  /** Plain prompt(s): completions, code completion; an array is one batched request. */
  prompt?: string | string[]
  /** Texts to embed. */
  input?: string | string[]
  /** Upper bound of the answer's length. */
  maxTokens?: number
  /** Lower bound of the answer's length, for servers that take `min_tokens`. */
  minTokens?: number
  /** Generate past the end-of-sequence token, for servers that take `ignore_eos`. */
  ignoreEos?: boolean
  temperature?: number
  tools?: readonly unknown[]
  toolChoice?: unknown
  responseFormat?: unknown
  /** Merged into the JSON body last: whatever one server takes and the schema does not know. */
  extra?: Record<string, unknown>
}

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant' | 'tool'
  content: string
  [field: string]: unknown
}

/** Server facts that change how a request is written; found out in the preflight. */
export interface EncodeOptions {
  model: string
  stream: boolean
  /** `stream_options.include_usage`; false for servers that reject it. */
  includeUsage: boolean
  /** `stream_options.continuous_usage_stats` (vLLM): exact token counts on every chunk. */
  continuousUsage?: boolean
  /** Takes the answer's limit as `max_completion_tokens` only (OpenAI's reasoning models). */
  maxCompletionTokens?: boolean
}

export interface EncodedRequest {
  method: 'POST'
  /** Joined to the base URL's path, e.g. `/chat/completions`. */
  path: string
  /** The same for every request of this path. */
  headers: Readonly<Record<string, string>>
  body: string
}

/** A wire format: how a request is written and how its stream is read. Pure. */
export interface Protocol {
  name: string
  framing: 'sse' | 'ndjson'
  /** Its path hangs off the server's root: a trailing `/v1` of the base URL is dropped. */
  native: boolean
  /** false: it answers in one piece whatever is asked (embeddings). */
  streams: boolean
  /** What the answer must end with to count as whole; shown when a stream is truncated. */
  terminator: string
  encode(request: GenerationRequest, options: EncodeOptions): EncodedRequest
  createDecoder(sink: DecoderSink, options?: DecoderOptions): StreamDecoder
  /** Reads a whole (not streamed) JSON answer. */
  decodeWhole(body: string): WholeAnswer
}

export interface DecoderOptions {
  /** Collect the generated text (conversations, evaluation); off on the hot path. */
  collectText?: boolean
  /** Parse every event in full; the reference that each shortcut is tested against. */
  fullParse?: boolean
}

/**
 * Reads a response body as it arrives. `text` is a byte string: one character a byte (code units
 * 0-255), so that offsets are byte offsets and no character is cut in half; see lib/http/bytes.ts.
 */
export interface StreamDecoder {
  /**
   * @param text byte string that holds body bytes
   * @param from,to the body bytes are `text.slice(from, to)`
   * @param atMs arrival time of these bytes on the run's clock
   */
  feed(text: string, from: number, to: number, atMs: number): void
  /** The body is over; flushes an event that no blank line closed. */
  end(): StreamEnd
}

/** Called on the way of a token: an implementation only keeps numbers. */
export interface DecoderSink {
  /** An event that carries generated payload. `tokens` only where the wire says it. */
  onTokens(atMs: number, kind: 'answer' | 'reasoning', tokens: number | undefined): void
  /** An event that carries a token without text: it moves the last mark, not the first. */
  onBlank(atMs: number, tokens: number | undefined): void
  /** An error object inside the stream: the request has failed, whatever the status said. */
  onError(message: string, type: string | undefined): void
  /** The terminal marker was read. */
  onDone(atMs: number): void
}

export interface StreamEnd {
  done: boolean
  finishReason: string | undefined
  /** When the event came that gave the finish reason. */
  finishMs: number | undefined
  usage: Usage | undefined
  /** The usage contradicted itself: taken back by zeros, or given per event in place of sums. */
  usageOdd: boolean
  /** The counts of the events were their own and not those of the answer so far. */
  countsPerEvent: boolean
  /** Events without text ahead of the first text, where no count tells of their tokens. */
  leadingBlanks: number
  /** What of the body was no event, its first 16 kB. */
  stray: string
  /** Only with `collectText`. */
  text: string | undefined
  reasoningText: string | undefined
  /** Malformed events, unknown ones: counted, never fatal. */
  malformed: number
  /**
   * Bytes of generated payload that were streamed (JSON escapes may count as written). A token is at
   * least a byte: a server that bills more tokens than this has hidden some.
   */
  payloadBytes: number
  /** Of these, reasoning; a summary of reasoning is none. */
  reasoningBytes: number
}

/** As the server bills it. Never sum `reasoning` on top of `output`: it is inside. */
export interface Usage {
  input: number | undefined
  output: number | undefined
  cached: number | undefined
  reasoning: number | undefined
  /** Prompt and answer together, where the server gives the sum. */
  total?: number
}

export interface WholeAnswer {
  error: { message: string; type: string | undefined } | undefined
  usage: Usage | undefined
  finishReason: string | undefined
  text: string | undefined
}
