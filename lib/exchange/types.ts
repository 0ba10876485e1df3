import type {
  CalledTool,
  FinishKind,
  GenerationRequest,
  Repeats,
  Usage,
} from '../protocols/index.ts'
import type { TlsFault } from './tls-fault.ts'

/**
 * Where arrival times are taken: at the socket (own module), or when the handler runs.
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

/**
 * Finds HTTP chunks that repeat, see `RepeatScan`, from `offset` of a delivery on, where a chunk begins. Each
 * lies within one read, which gives its time. Only while the delivery is handled.
 */
export type FindRepeats = (offset: number, head: string, tail: string) => Repeats | undefined

export interface ConnectionEvents {
  /**
   * `text` is a byte string (one character per byte), stamped before anything was parsed.
   *
   * @param find what finds repeated chunks in it faster than a script can; where the engine has it
   */
  onData(text: string, stamps: ReadStamps, find?: FindRepeats): void
  onError(message: string): void
  /** Once, after the last data. */
  onClose(): void
}

/** One open connection. Its owner sets new `events` for each request that it sends on it. */
export interface Connection {
  events: ConnectionEvents
  /**
   * Sends as UTF-8; resolves with the time at which the last byte was handed to the connection.
   *
   * @param withinMs the answer is not wanted later than this; only a buffered connection uses it
   */
  send(payload: string, withinMs: number): Promise<number>
  close(): void
  /** Leaves the connection open for a later iteration, until `attach`; false where that is impossible. */
  detach(): boolean
  /** Takes the connection over into the running iteration; false when it is gone. */
  attach(): boolean
  readonly open: boolean
  readonly clock: ClockSource
}

export type ConnectOutcome =
  | {
      ok: true
      connection: Connection
      connectingMs: number | undefined
      /** The part of it that the TLS handshake took; undefined without TLS, and where nothing tells. */
      tlsMs?: number | undefined
    }
  | {
      ok: false
      reason: 'connect_refused' | 'dns' | 'connect_timeout' | 'connect_failed' | TlsFault
      message: string
    }

/** All that the exchange knows about the engine; lib/k6 implements it over `k6/x/tcp`. */
export interface Transport {
  /**
   * Waits as long as it takes: the caller sets the time limit, and closes what comes too late.
   *
   * @param holdMs longest time to hold bytes of this connection, where `holdMs` below is too long
   */
  connect(target: Target, holdMs?: number): Promise<ConnectOutcome>
  /** ms on the run's clock, sub-millisecond resolution. */
  now(): number
  setTimer(fn: () => void, ms: number): unknown
  clearTimer(handle: unknown): void
  /** Longest time for which received bytes may be held before they are handed over, ms. */
  readonly holdMs: number
  /** Longest time for which reads that were handed over one by one may wait to be decoded together, ms. */
  readonly gatherMs: number
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
  | 'cancelled'
  | 'empty'

/** Oddities of an answer that counts all the same; few values, fit for a tag. */
export type Note =
  /** Sent again because its kept connection had already ended; timed from the first sending. */
  | 'resent'
  /** No terminal marker, but a finish reason and a proper end. */
  | 'no_terminator'
  /** A stream whose content-type says something else. */
  | 'content_type'
  /** The body was left open after the terminal marker. */
  | 'left_open'
  /** The server's usage is impossible: the most that the stream proves replaces it. */
  | 'usage_corrected'
  /** Tokens came without their own event: the time of the finish reason stands for the last one. */
  | 'last_token_estimated'
  /** The first token came together with later ones: TTFT is the time of the whole bunch. */
  | 'first_token_held'

/** Times in ms on the run's clock; a mark that was not reached is undefined. */
export interface Marks {
  /** When the request was due by its schedule; undefined in a closed loop without a schedule. */
  dueMs: number | undefined
  /** When the iteration took the request up. */
  startMs: number
  /** Time to open the connection; undefined when one was reused. */
  connectingMs: number | undefined
  /** The part of it that the TLS handshake took; undefined without TLS, and with the official socket module. */
  tlsMs?: number | undefined
  sentMs: number | undefined
  headersMs: number | undefined
  firstByteMs: number | undefined
  firstTokenMs: number | undefined
  /** First token of the answer itself, not of reasoning. */
  firstAnswerMs: number | undefined
  lastTokenMs: number | undefined
  endMs: number
}

/** One finished request, whatever became of it. Data, never an exception. */
export interface ExchangeResult {
  outcome: Outcome
  /** A short stable word with few values, fit for a tag: '' when completed, else e.g. `http_503`. */
  reason: string
  /** The server's or the engine's own words, shortened; for records and logs, never for a tag. */
  message: string | undefined
  httpStatus: number | undefined
  retryAfterS: number | undefined
  marks: Marks
  usage: Usage | undefined
  /** `usage` = the server's count; `chunks` = content chunks counted, an estimate. */
  tokenSource: 'usage' | 'chunks' | 'none'
  /** Output tokens by that source; partial for a failed request. */
  outputTokens: number
  /** Number of content chunks received. */
  chunks: number
  /**
   * Tokens that came with the first one: in the first content chunk where the wire gives them, or in the
   * first bunch of chunks; else undefined.
   */
  firstChunkTokens: number | undefined
  /** Number of bunches that the chunks came in; undefined where they came one by one. */
  bunches: number | undefined
  /** Arrival time of each content chunk, ms on the run's clock. */
  chunkTimesMs: readonly number[]
  /** Largest gap between two of these times, ms, where it was taken while they came. */
  longestGapMs?: number | undefined
  /** Tokens per content chunk where the wire gives them, else undefined. */
  chunkTokens: readonly number[] | undefined
  /** The server billed clearly more tokens than it streamed: tpot has no value. */
  hiddenReasoning: boolean
  /** Set when reasoning was streamed, besides the answer or instead of it. */
  reasoned?: true
  notes: readonly Note[]
  /** Events that were not frames of this API: whatever they held is in no figure. */
  malformedEvents: number
  /** As the server wrote it, cleaned and cut to 40 characters. */
  finishReason: string | undefined
  /** The finish reason as one of a few kinds. */
  finish: FinishKind | undefined
  /** As the server wrote it, echoes of the key included: `Session.redact` makes it fit to be kept. */
  text: string | undefined
  /** The functions that the model called; only with `collectText`. */
  toolCalls?: readonly CalledTool[]
  reusedConnection: boolean
  clock: ClockSource
  /** Response headers that matter, lower-case names: request ids, and what names the server. */
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
  tlsMs: number | undefined
  latenessMs: number | undefined
  ttftDueMs: number | undefined
  e2eDueMs: number | undefined
  /** Gaps between content chunks, and the same per token where the wire gives the tokens. */
  iclMs: readonly number[]
  itlMs: readonly number[]
  /** One of these gaps by its index, without making all of them. */
  iclAtMs(i: number): number
  itlAtMs(i: number): number
}

export interface ExchangeRequest {
  request: GenerationRequest
  dueMs: number | undefined
  startMs: number
  deadlines: Deadlines
  collectText: boolean
  /** Cancel after this many ms from sending, or this many chunks: users who go away. */
  abortAfter?: { ms?: number; chunks?: number }
}
