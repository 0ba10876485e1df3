import type { LengthSpec } from '../config/index.ts'
import type { GenerationRequest } from '../protocols/index.ts'
import type { Calibration } from './prompts/calibration.ts'

/** What the server was found to accept for holding an answer's length. */
export interface LengthControls {
  /** Takes `min_tokens`. */
  minTokens: boolean
  /** Takes `ignore_eos`. */
  ignoreEos: boolean
}

/** What is known only once the run has begun. It never changes which lengths are drawn. */
export interface RequestContext {
  /** From `calibrate` in setup; without it lengths are estimates. */
  calibration?: Calibration | undefined
  /** From the preflight; without it only `max_tokens` is sent where `ignoreEos` is `auto`. */
  controls?: LengthControls | undefined
  /**
   * Changes the words that make prompts unique and nothing else. Two runs with one seed send the
   * same prompts, so the second finds the prefix cache warm unless their salts differ.
   */
  salt?: string | undefined
}

export interface WorkloadRequest {
  request: GenerationRequest
  /** Kind of application, for attribution: a tag of few values. */
  app: string
  /** Wanted prompt tokens on the server's count, all texts of a batch; undefined = nobody asked. */
  inputTokens: number | undefined
  /** Wanted answer tokens, all prompts of a batch; undefined = nobody asked (embeddings have none). */
  outputTokens: number | undefined
  session?: string
  /** Names the prompt; equal ids are equal prompts. */
  promptId: string
  /** Answer to compare with, where the data set has one. */
  expected?: string
}

/** Which wire format a workload's requests are made for. */
export type Wire = 'chat' | 'completions' | 'embeddings'

/** Single requests; request n is a function of (configuration, seed, n, context) only. */
export interface Workload {
  name: string
  wire: Wire
  /** Shapes of its prompts, whose fixed cost the calibration measures. */
  frames: readonly Frame[]
  /** Names that `app` takes, where there are several. */
  apps?: readonly string[]
  request(n: number, context?: RequestContext): WorkloadRequest
}

/** What the server answered to a turn. */
export interface PreviousAnswer {
  text: string
  /** As the server called them, to be echoed in the history. */
  toolCalls?: readonly ToolCall[] | undefined
  inputTokens?: number | undefined
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
  /** The same, bounded for a tag: `1` … `9`, `10+`. */
  turnTag: string
  /** Pause before this turn is sent, ms; 0 on the first. */
  thinkMs: number
}

export interface Conversation {
  session: string
  /** Turns that it will have unless it is given up. */
  turns: number
  /** The next turn, given the answer to the one before; undefined when the conversation is over. */
  next(previous?: PreviousAnswer): Turn | undefined
}

/** Whole conversations; the n-th is a function of (configuration, seed, n, context, answers). */
export interface ConversationWorkload {
  name: string
  wire: Wire
  frames: readonly Frame[]
  conversation(n: number, context?: RequestContext): Conversation
  /** Values that a turn's tag takes. */
  turnTags: readonly string[]
  /** Mean length of a conversation, pauses included, when each answer takes `e2eMs`; ms. */
  lengthMs(e2eMs: number): number
}

/** A prompt's fixed text around its variable words. */
export interface Frame {
  /** Names its fixed cost in a calibration. */
  key: string
  /** How many separate stretches of words it takes. */
  parts: number
  /** The request around the words; each part begins with a word, without a space before it. */
  build(parts: readonly string[]): GenerationRequest
}

/** What every kind reads of the run's configuration; `Config` fits. */
export interface WorkloadConfig {
  load: { seed: number }
  inputTokens: LengthSpec
  outputTokens: LengthSpec
  temperature?: number | undefined
  ignoreEos?: 'auto' | 'on' | 'off' | undefined
  /** Wire format asked for; kinds that can speak completions look at it. */
  api?: string | undefined
  /**
   * `cold`: no two prompts share a beginning; `shared`: `prefixShare` of each prompt is one of
   * `prefixPool` beginnings; `natural`: the share varies from request to request and some
   * beginnings are much more frequent than others (synthetic), or prompts go out as they are
   * (data sets).
   */
  cache?: 'cold' | 'shared' | 'natural' | undefined
  /** Share of a prompt's words that is a shared beginning, 0-1. */
  prefixShare?: number | undefined
  /** How many different beginnings there are. */
  prefixPool?: number | undefined
  /** Texts in one request: embeddings and completions. */
  batchSize?: number | undefined
}
