import type { ExchangeResult } from '../exchange/index.ts'
import type { EncodeOptions, GenerationRequest } from '../protocols/index.ts'

/** The answer of `GET /models`, or why there is none. */
export type ModelList = { ok: true; models: readonly string[] } | { ok: false; status: number }

/** What the preflight needs from the engine. */
export interface Probe {
  /** Sends one request on its own connection. */
  attempt(request: GenerationRequest, options: EncodeOptions): Promise<ExchangeResult>
  listModels(): Promise<ModelList>
}

/** What one streamed answer revealed about the server; plain data for every VU. No secrets. */
export interface ServerFacts {
  model: string
  /** `stream_options.include_usage` is accepted. */
  includeUsage: boolean
  /** `ignore_eos` and `min_tokens` are accepted, so that output lengths can be held. */
  holdsLength: boolean
  /** It requires `max_completion_tokens` instead of `max_tokens`. */
  maxCompletionTokens?: boolean | undefined
  /** Its chunks hold several tokens, or none, and it gives the number per chunk (`continuous_usage_stats`). */
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
  /** One sentence: what is wrong, the value, where, what to do. */
  message: string
}

export type PreflightOutcome =
  { ok: true; facts: ServerFacts } | { ok: false; problem: PreflightProblem }
