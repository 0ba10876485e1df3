import type { FinishKind, GenerationRequest, Usage } from '../protocols/index.ts'

/**
 * Where arrival times come from: stamped at the socket (own module) or when the handler runs.
 * `buffered`: the answer came whole, so only its end has a time.
 */
export type ClockSource = 'socket' | 'handler' | 'buffered'

export interface Target {
  host: string
  port: number
  tls: boolean
}

/**
 * What one delivery holds: the times of its reads as pairs `[offset0, at0, offset1, at1, …]`,
 * ascending; read i covers the bytes from offset_i to offset_i+1. Times in ms on the run's clock.
 */
export type ReadStamps = readonly number[]

export interface ConnectionEvents {
  /** `text` is a byte string (one character a byte), stamped before anything was parsed. */
  onData(text: string, stamps: ReadStamps): void
  onError(message: string): void
  /** Once, after the last data. */
  onClose(): void
}

/** One open connection. Its owner sets `events` anew for each request it sends on it. */
export interface Connection {
  events: ConnectionEvents
  /**
   * Sends as UTF-8; resolves with the time at which the last byte was handed to the connection.
   *
   * @param withinMs the answer is not wanted later than this; only a buffered connection asks
   */
  send(payload: string, withinMs: number): Promise<number>
  close(): void
  /** Leaves it open for a later iteration, until `attach`; false where that cannot be. */
  detach(): boolean
  /** Takes it up in the iteration that runs; false when it is gone. */
  attach(): boolean
  readonly open: boolean
  readonly clock: ClockSource
}

export type ConnectOutcome =
  | { ok: true; connection: Connection; connectingMs: number | undefined }
  | {
      ok: false
      reason: 'connect_refused' | 'dns' | 'tls' | 'connect_timeout' | 'connect_failed'
      message: string
    }

/** The only thing the exchange knows of the engine; lib/k6 implements it over `k6/x/tcp`. */
export interface Transport {
  /** Waits as long as it takes: the time limit is its caller's, who closes what comes too late. */
  connect(target: Target): Promise<ConnectOutcome>
  /** ms on the run's clock, sub-millisecond resolution. */
  now(): number
  setTimer(fn: () => void, ms: number): unknown
  clearTimer(handle: unknown): void
  /** Longest time for which bytes that have arrived may be held before they are handed over, ms. */
  readonly holdMs: number
}

export interface Deadlines {
  connectMs: number
  firstTokenMs: number
  /** Longest silence between two reads after the first token. */
  idleMs: number
  wholeMs: number
}

export type Outcome =
  | 'completed'
  | 'truncated'
  | 'stream_error'
  | 'http_error'
  | 'connect_error'
  | 'timeout'
  | 'aborted'
  | 'empty'

/** What is odd in an answer that counts all the same; few words, fit for a tag. */
export type Note =
  /** Sent again, as its kept connection had ended before; timed from the first sending. */
  | 'resent'
  /** No terminal marker, but a finish reason and a proper end. */
  | 'no_terminator'
  /** A stream that its content-type calls something else. */
  | 'content_type'
  /** The body was left open behind the terminal marker. */
  | 'left_open'
  /** The server's usage cannot be: the most that the stream proves stands in its place. */
  | 'usage_corrected'
  /** Tokens came without an event of their own: the finish reason's time stands for the last one. */
  | 'last_token_estimated'

/** Times in ms on the run's clock; a mark that was not reached is undefined. */
export interface Marks {
  /** When the request was due by its schedule; undefined in a closed loop without one. */
  dueMs: number | undefined
  /** When the iteration took the request up. */
  startMs: number
  /** Time to open the connection; undefined when one was reused. */
  connectingMs: number | undefined
  sentMs: number | undefined
  headersMs: number | undefined
  firstByteMs: number | undefined
  firstTokenMs: number | undefined
  /** First token of the answer proper, not of reasoning. */
  firstAnswerMs: number | undefined
  lastTokenMs: number | undefined
  endMs: number
}

/** One finished request, whatever became of it. Data, never an exception. */
export interface ExchangeResult {
  outcome: Outcome
  /** Short stable word of few values, fit for a tag: '' when completed, else e.g. `http_503`. */
  reason: string
  /** The server's or the engine's own words, shortened; for records and logs, never a tag. */
  message: string | undefined
  httpStatus: number | undefined
  retryAfterS: number | undefined
  marks: Marks
  usage: Usage | undefined
  /** `usage` = the server's count; `chunks` = content chunks counted, an estimate. */
  tokenSource: 'usage' | 'chunks' | 'none'
  /** Output tokens by that source; of a failed request, the partial ones. */
  outputTokens: number
  /** Content chunks seen. */
  chunks: number
  /** Tokens in the first content chunk where the wire tells, else undefined. */
  firstChunkTokens: number | undefined
  /** Arrival time of each content chunk, ms on the run's clock. */
  chunkTimesMs: readonly number[]
  /** Tokens of each content chunk where the wire tells, else undefined. */
  chunkTokens: readonly number[] | undefined
  /** The server billed clearly more tokens than it streamed: tpot has no value. */
  hiddenReasoning: boolean
  notes: readonly Note[]
  /** Events that were no frame of this API: what they may have held is in no figure. */
  malformedEvents: number
  /** As the server wrote it, cleaned and cut to 40 characters. */
  finishReason: string | undefined
  /** The same in few words. */
  finish: FinishKind | undefined
  text: string | undefined
  reusedConnection: boolean
  clock: ClockSource
  /** Response headers that matter, lower-case names: request ids, proxies, buffering. */
  headers: Record<string, string>
}

/** Every value in ms; undefined is "no value", never 0. Formulas: see timings.ts. */
export interface Timings {
  ttfbMs: number | undefined
  ttftMs: number | undefined
  ttfoMs: number | undefined
  tpotMs: number | undefined
  stallMs: number | undefined
  e2eMs: number | undefined
  streamMs: number | undefined
  connectingMs: number | undefined
  latenessMs: number | undefined
  ttftDueMs: number | undefined
  e2eDueMs: number | undefined
  /** Gaps between content chunks, and the same a token where the wire tells. */
  iclMs: readonly number[]
  itlMs: readonly number[]
}

export interface ExchangeRequest {
  request: GenerationRequest
  dueMs: number | undefined
  startMs: number
  deadlines: Deadlines
  collectText: boolean
  /** Cancel after this many ms from sending or this many chunks: abandoned users. */
  abortAfter?: { ms?: number; chunks?: number }
}
