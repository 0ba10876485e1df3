import type { ExchangeResult } from '../exchange/index.ts'
import type { EncodeOptions, GenerationRequest } from '../protocols/index.ts'

/** The answer of `GET /models`, or why there is none. */
export type ModelList =
  | {
      ok: true
      models: readonly string[]
      /** Entries whose id is no text. */
      unnamed: number
      /** `owned_by` of the first: engines write their own name there. */
      owner: string | undefined
    }
  /** `message` completes "http://host/v1/models …", in the server's own words where it gave some. */
  | { ok: false; type: PreflightProblemType; message: string }

/** What the preflight needs from the engine. */
export interface Probe {
  /**
   * Sends one request on its own connection.
   * @param withinMs the answer is not wanted later, whatever the deadlines of the load
   * @param collectText whether the result is to have its text
   */
  attempt(
    request: GenerationRequest,
    options: EncodeOptions,
    withinMs?: number,
    collectText?: boolean,
  ): Promise<ExchangeResult>
  listModels(): Promise<ModelList>
  /** Name of the engine whose metrics the server exposes; undefined without any. */
  engine(): Promise<string | undefined>
  /** A page at the server's root, such as `/version`, asked for without a key; undefined without a 2xx. */
  page(path: string): Promise<string | undefined>
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
  /** It leaves bodies open behind the terminal marker. */
  leavesOpen?: boolean | undefined
  /** The answer carried the server's own token counts. */
  reportsUsage?: boolean | undefined
  reportsCachedTokens?: boolean | undefined
  /** Which engine or proxy answered: its name where it is known, with the `server` or `via` header. */
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
