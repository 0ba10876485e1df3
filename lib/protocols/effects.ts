import type { Usage } from './types.ts'

export type Json = Record<string, unknown>

/** An error in the server's own words. */
export interface ServerError {
  message: string
  type: string | undefined
}

/** What one frame says, filled in by a protocol's reader. */
export interface Effects {
  /** Generated text by kind; '' = none. */
  answer: string
  reasoning: string
  /** Generated payload that is no text of the answer: tool calls, audio. */
  tool: string
  /** The reasoning here is a summary of more that is not sent. */
  summary: boolean
  /** It generates, has no text and has not ended: a token without text (special, half a character). */
  blank: boolean
  /** It names the speaker: the first event of an answer, which is no token when it is blank. */
  opens: boolean
  /** Tokens in this frame, where the wire says so: it then counts even with an empty text. */
  tokens: number | undefined
  /** Output tokens of the request so far, where each frame carries them. */
  cumulative: number | undefined
  usage: Partial<Usage> | undefined
  finishReason: string | undefined
  error: ServerError | undefined
  done: boolean
  /** Not a frame of this format. */
  unknown: boolean
}

export function noEffects(): Effects {
  return {
    answer: '',
    reasoning: '',
    tool: '',
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
}

/** Reads one parsed frame. `event` is the SSE event name, '' when there is none. */
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

/** A count on the wire: a whole number from 0 up, which some servers write as text; else no value. */
export function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && number >= 0 && Number.isInteger(number) ? number : undefined
}
