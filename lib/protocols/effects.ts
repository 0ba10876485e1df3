import type { Usage } from './types.ts'

export type Json = Record<string, unknown>

/** What one frame says, filled in by a protocol's reader. */
export interface Effects {
  /** Generated text by kind; '' = none. */
  answer: string
  reasoning: string
  /** Generated payload that is no text of the answer: tool calls, audio. */
  tool: string
  /** Tokens in this frame, where the wire says so: it then counts even with an empty text. */
  tokens: number | undefined
  /** Output tokens of the request so far, where each frame carries them. */
  cumulative: number | undefined
  usage: Partial<Usage> | undefined
  finishReason: string | undefined
  error: { message: string; type: string | undefined } | undefined
  done: boolean
  /** Not a frame of this format. */
  unknown: boolean
}

export function noEffects(): Effects {
  return {
    answer: '',
    reasoning: '',
    tool: '',
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

/** A count on the wire: anything but a number from 0 up is no value. */
export function count(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value) ? value : undefined
}

/**
 * The error in a frame or in a whole answer, as the servers write it: `{error: {message, type}}`
 * (OpenAI, vLLM, Anthropic), `{error: "…", error_type}` (TGI, Triton, Ollama),
 * `{object: "error", message}` (older vLLM), `{detail: …}` (FastAPI).
 */
export function readError(frame: Json): Effects['error'] {
  const { error } = frame
  if (isObject(error)) {
    return { message: text(error['message']) || JSON.stringify(error), type: typeOf(error) }
  }
  if (typeof error === 'string')
    return { message: error, type: text(frame['error_type']) || undefined }
  if (frame['object'] === 'error') return { message: text(frame['message']), type: typeOf(frame) }
  const { detail } = frame
  if (typeof detail === 'string') return { message: detail, type: undefined }
  return Array.isArray(detail) ? { message: JSON.stringify(detail), type: undefined } : undefined
}

function typeOf(error: Json): string | undefined {
  const { type, code } = error
  if (typeof type === 'string' && type !== '') return type
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
}
