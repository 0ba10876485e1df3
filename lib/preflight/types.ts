import type { ExchangeResult } from '../exchange/index.ts'
import type { EncodeOptions, GenerationRequest } from '../protocols/index.ts'

/** The answer of `GET /models`, or why there is none. */
export type ModelList = { ok: true; models: readonly string[] } | { ok: false; status: number }

/** What the preflight needs of the engine. */
export interface Probe {
  /** Sends one request on a connection of its own. */
  attempt(request: GenerationRequest, options: EncodeOptions): Promise<ExchangeResult>
  listModels(): Promise<ModelList>
}

/** What one streamed answer taught about the server; plain data, handed to every VU. No secrets. */
export interface ServerFacts {
  model: string
  /** `stream_options.include_usage` is taken. */
  includeUsage: boolean
  /** `ignore_eos` and `min_tokens` are taken, so that output lengths can be held. */
  holdsLength: boolean
  /** It wants `max_completion_tokens` in place of `max_tokens`. */
  maxCompletionTokens?: boolean | undefined
  /** Its chunks hold several tokens, or none, and it tells of each how many (`continuous_usage_stats`). */
  continuousUsage?: boolean | undefined
  /** The answer carried the server's own token counts. */
  reportsUsage?: boolean | undefined
  reportsCachedTokens?: boolean | undefined
  /** The `server` or `via` header: which engine or proxy answered. */
  server?: string | undefined
  probeTtftMs?: number | undefined
  warnings: readonly string[]
}

export type PreflightProblemType =
  | 'cannot_connect'
  | 'unauthorized'
  | 'model_not_found'
  | 'no_model'
  | 'path_not_found'
  | 'not_streaming'
  | 'rejected'
  | 'server_error'
  | 'bad_stream'
  | 'timeout'

export interface PreflightProblem {
  type: PreflightProblemType
  /** One sentence: what, the value, where, what to do. */
  message: string
}

export type PreflightOutcome =
  { ok: true; facts: ServerFacts } | { ok: false; problem: PreflightProblem }
