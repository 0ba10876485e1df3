import type { CallPart } from './calls.ts'
import type { Usage } from './types.ts'

export type Json = Record<string, unknown>

/** An error in the server's own words. */
export interface ServerError {
  message: string
  type: string | undefined
}

/** What one frame says; a protocol's reader fills it in. */
export interface Effects {
  /** Generated text by kind; '' = none. */
  answer: string
  reasoning: string
  /** Generated payload other than the answer's text: tool calls, audio. */
  tool: string
  /** What of it belongs to calls; they are read for grading, besides `tool`. */
  calls: readonly CallPart[] | undefined
  /** The reasoning is only a summary; the full reasoning is not sent. */
  summary: boolean
  /** A frame that generates but has no text and does not end the answer: a token without text (special, half a character). */
  blank: boolean
  /** It names the speaker: the first event of an answer, which is not a token when it is blank. */
  opens: boolean
  /** Tokens in this frame, where the wire gives them: it then counts even with an empty text. */
  tokens: number | undefined
  /** Output tokens of the request so far, where each frame gives them. */
  cumulative: number | undefined
  usage: Partial<Usage> | undefined
  finishReason: string | undefined
  error: ServerError | undefined
  done: boolean
  /** Not a frame of this format. */
  unknown: boolean
}

const NOTHING: Effects = {
  answer: '',
  reasoning: '',
  tool: '',
  calls: undefined,
  summary: false,
  blank: false,
  opens: false,
  tokens: undefined,
  cumulative: undefined,
  usage: undefined,
  finishReason: undefined,
  error: undefined,
  done: false,
  unknown: false,
}

/** Inherited, not copied: a frame sets two or three of them, and each one set takes memory in k6's engine. */
export function noEffects(): Effects {
  return Object.create(NOTHING) as Effects
}

/** Reads one parsed frame. `event` is the SSE event name, '' without one. */
export type ReadFrame = (frame: Json, event: string, effects: Effects) => void

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function object(value: unknown): Json {
  return isObject(value) ? value : {}
}

/** A count on the wire: a whole number from 0, which some servers write as text; undefined for anything else. */
export function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && number >= 0 && Number.isInteger(number) ? number : undefined
}
