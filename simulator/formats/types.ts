import type { ApiError } from '../api-error.ts'
import type { Json } from '../body.ts'
import type { FaultSet } from '../fault-set.ts'
import type { SimulatorOptions } from '../options.ts'
import type { FormatName } from './names.ts'
import type { TemplateMessage } from '../tokenizer.ts'

/** Why an answer ended, before a format puts it in its own words. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'abort' | 'error' | 'content_filter'

/** A prompt as it came: a conversation, or a plain text or row of token ids. */
export type Prompt =
  | { messages: readonly TemplateMessage[]; tools: readonly unknown[] }
  | { plain: string | readonly number[] }

/** What a request asks for, in words that all formats share. Lengths in tokens. */
export interface Asked {
  stream: boolean
  prompts: readonly Prompt[]
  /** Field that the prompt came in, for error messages. */
  promptField: string
  maxTokens: number | undefined
  minTokens: number
  ignoreEos: boolean
  /** Answers per prompt. */
  n: number
  /** Same prompt, same answer. */
  greedy: boolean
  /** Name of the function to call instead of an answer in words. */
  tool: string | undefined
  /** The text is to be one JSON object. */
  json: boolean
  /** Schema of that object, or of the arguments of the call; undefined: any object. */
  schema?: unknown
  /** The usage at the end of a stream. */
  includeUsage: boolean
  /** The counts so far on every event. */
  continuousUsage: boolean
}

/** Token counts as the server bills them, each a JSON literal; undefined: not told. */
export interface Billed {
  prompt: string
  /** The prompt without what the cache held. */
  fresh: string
  completion: string
  total: string
  cached: string | undefined
  reasoning: string | undefined
}

/** One event of a stream; `event` is its name where the format gives it one. */
export interface StreamEvent {
  event?: string
  data: string
}

/** What generated tokens add to which part of the message. */
export interface AnswerPiece {
  part: 'reasoning' | 'content' | 'tool'
  text: string
}

/** The text of one event. */
export interface Piece extends AnswerPiece {
  /** Tokens in it. */
  tokens: number
  /** Number of its first token within the answer, from 0. */
  index: number
  /** The first piece of a tool call, which carries the name. */
  opensTool: boolean
}

/** One answer, as far as a format needs to know of it. */
export interface Choice {
  index: number
  seed: number
  tool: string | undefined
}

export interface AnswerHead {
  id: string
  model: string
  /** Epoch seconds. */
  created: number
  promptTokens: number
  options: SimulatorOptions
  faults: FaultSet
}

/**
 * Writes the events of one streamed answer. JSON is joined from text: no object and no stringify
 * per token.
 */
export interface AnswerWriter {
  /** The reason to finish rides on the event of the last token. */
  readonly finishOnLast: boolean
  /** The usage rides on the event of the last reason to finish. */
  readonly usageRides: boolean
  /** What opens an answer before its first token; asked for once per choice. */
  open(choice: Choice): StreamEvent[]
  /**
   * @param usage counts to put on this event
   * @param reason given with the last token where `finishOnLast`
   */
  piece(
    choice: Choice,
    piece: Piece,
    usage: Billed | undefined,
    reason: FinishReason | undefined,
  ): StreamEvent[]
  /** The end of one choice, where no token carries it. */
  finish(choice: Choice, reason: FinishReason, usage: Billed | undefined): StreamEvent[]
  /** What comes after the last choice and before the terminal marker. */
  close(reason: FinishReason, usage: Billed | undefined): StreamEvent[]
  /** The terminal marker, where it is an event of the answer. */
  done(reason: FinishReason, usage: Billed | undefined): StreamEvent[]
  /** Usage in an event of its own, where the format can say it at any time. */
  usage?(usage: Billed): StreamEvent[]
}

/** One answer that is not streamed. */
export interface WholeChoice extends Choice {
  reason: FinishReason
  reasoning: string
  content: string
  /** Arguments of the function that is called. */
  arguments: string | undefined
}

/** How the servers of one wire format ask and answer. */
export interface WireFormat {
  name: FormatName
  framing: 'sse' | 'ndjson'
  /** Paths of its requests; `has` is a member of the body that tells formats of one path apart. */
  paths: readonly { path: RegExp; stream?: boolean; has?: string }[]
  /** @throws ApiError 400 */
  read(body: Json, how: { stream: boolean | undefined; strict: boolean }): Asked
  createWriter(head: AnswerHead): AnswerWriter
  /** The body of an answer that is not streamed. */
  whole(head: AnswerHead, choices: readonly WholeChoice[], usage: Billed | undefined): string
  /** A terminal marker that is the same for each answer; others come of the writer's `done`. */
  doneLine: StreamEvent | undefined
  errorBody(error: ApiError): string
  /** An error in the middle of a stream. */
  errorEvent(message: string): StreamEvent
  /** The counts so far ride on every event, asked for or not. */
  countsAlways: boolean
  /** It can tell reasoning from the answer. */
  reasons: boolean
}
