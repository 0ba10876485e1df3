import type { LengthSpec } from '../config/index.ts'
import type { GenerationRequest } from '../protocols/index.ts'
import type { Task } from '../quality/index.ts'
import type { Calibration } from './prompts/calibration.ts'

/** Which controls over an answer's length the server was found to accept. */
export interface LengthControls {
  /** Accepts `min_tokens`. */
  minTokens: boolean
  /** Accepts `ignore_eos`. */
  ignoreEos: boolean
}

/** What is known only once the run has begun. It never changes which lengths are drawn. */
export interface RequestContext {
  /** From `calibrate` in setup; without it, lengths are estimates. */
  calibration?: Calibration | undefined
  /** From the preflight; without it, only `max_tokens` is sent when `ignoreEos` is `auto`. */
  controls?: LengthControls | undefined
  /**
   * Changes the words that make prompts unique, and nothing else. Two runs with one seed send the same
   * prompts, so the second finds a warm prefix cache unless their salts differ.
   */
  salt?: string | undefined
}

export interface WorkloadRequest {
  request: GenerationRequest
  /** Kind of application, to attribute figures: a tag with few values. */
  app: string
  /** Wanted prompt tokens by the server's count, over all texts of a batch; undefined = none asked for. */
  inputTokens: number | undefined
  /** Wanted answer tokens, over all prompts of a batch; undefined = none asked for (embeddings have none). */
  outputTokens: number | undefined
  session?: string
  /** Names the prompt; equal ids mean equal prompts. */
  promptId: string
  /** What is known of the right answer; `taskOf` adds what the request itself tells. */
  task?: Task
}

/** The wire format that a workload's requests are made for. */
export type Wire = 'chat' | 'completions' | 'embeddings'

/** Single requests; request n depends only on (configuration, seed, n, context). */
export interface Workload {
  name: string
  wire: Wire
  /** The forms of its prompts, whose fixed cost the calibration measures. */
  frames: readonly Frame[]
  /** Texts per request, for those that can hold several. */
  batchSize?: number
  /** Values of `app`, where there are several. */
  apps?: readonly string[]
  request(n: number, context?: RequestContext): WorkloadRequest
}

/** What the server answered in a turn. */
export interface PreviousAnswer {
  text: string
  /** As the server sent them, to be repeated in the history. */
  toolCalls?: readonly ToolCall[] | undefined
  inputTokens?: number | undefined
  /** Of the text that goes back to the server, without reasoning; undefined where that is not known. */
  outputTokens?: number | undefined
}

export interface ToolCall {
  id: string
  name: string
  /** JSON text. */
  arguments: string
}

export interface Turn extends WorkloadRequest {
  /** 1, 2, 3 … */
  turn: number
  /** The same as a tag with few values: `1` … `9`, `10+`. */
  turnTag: string
  /** Pause before this turn is sent, ms; 0 for the first. */
  thinkMs: number
}

export interface Conversation {
  session: string
  /** Number of turns, unless the conversation is given up. */
  turns: number
  /** The next turn, given the answer to the one before; undefined when the conversation is over. */
  next(previous?: PreviousAnswer): Turn | undefined
}

/** Whole conversations; the n-th depends only on (configuration, seed, n, context, answers). */
export interface ConversationWorkload {
  name: string
  wire: Wire
  frames: readonly Frame[]
  conversation(n: number, context?: RequestContext): Conversation
  /** Values of the tag for turns. */
  turnTags: readonly string[]
  /** Mean length of a conversation, ms, pauses included, when each answer takes `e2eMs`. */
  lengthMs(e2eMs: number): number
}

/** A prompt's fixed text around its variable words. */
export interface Frame {
  /** Identifies its fixed cost in a calibration. */
  key: string
  /** Number of separate stretches of words that it takes. */
  parts: number
  /** Builds the request around the words; each part begins with a word, without a space before it. */
  build(parts: readonly string[]): GenerationRequest
}

/** What every kind reads from the run's configuration; `Config` fits. */
export interface WorkloadConfig {
  load: { seed: number }
  inputTokens: LengthSpec
  outputTokens: LengthSpec
  temperature?: number | undefined
  ignoreEos?: 'auto' | 'on' | 'off' | undefined
  /** Wire format asked for; only kinds that support completions look at it. */
  api?: string | undefined
  /**
   * `cold`: no two prompts share a prefix; `shared`: `prefixShare` of each prompt is one of `prefixPool`
   * prefixes; `natural`: the share varies from request to request and some prefixes are much more frequent
   * than others (synthetic), or prompts are sent as they are (data sets).
   */
  cache?: 'cold' | 'shared' | 'natural' | undefined
  /** Share of a prompt's words that is a shared prefix, 0-1. */
  prefixShare?: number | undefined
  /** Number of different prefixes. */
  prefixPool?: number | undefined
  /** Texts per request: embeddings and completions. */
  batchSize?: number | undefined
}
