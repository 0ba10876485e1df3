import { isObject } from './effects.ts'
import type { Json, ServerError } from './effects.ts'

const messageKeys = ['message', 'detail', 'details', 'msg', 'error_message', 'error_msg', 'reason']
const typeKeys = ['type', 'error_type', 'code', 'error_code', 'status_code', 'status']
const failing = /err|fail|exception|invalid|denied|unavailable|overload|timeout|exceed/i

/**
 * The error in a frame or in a whole answer, as servers write it: `{error: {message, type}}`
 * (OpenAI, vLLM, Anthropic), `{error: "…", error_type}` (TGI, Triton, Ollama),
 * `{object: "error", message}` (older vLLM), `{detail: …}` (FastAPI). An empty error does not count:
 * some gateways write `error: ""` into each frame.
 */
export function readError(frame: Json): ServerError | undefined {
  const { error } = frame
  if (isObject(error)) {
    return Object.keys(error).length === 0
      ? undefined
      : { message: wordsOf(error) ?? JSON.stringify(error), type: typeOf(error) }
  }
  if (typeof error === 'string' && error !== '')
    return { message: error, type: shown(frame['error_type']) }
  if (frame['object'] === 'error')
    return { message: wordsOf(frame) ?? JSON.stringify(frame), type: typeOf(frame) }
  const { detail } = frame
  if (typeof detail === 'string' && detail !== '') return { message: detail, type: undefined }
  return Array.isArray(detail) ? { message: JSON.stringify(detail), type: undefined } : undefined
}

/**
 * The error in a frame of no known shape that describes itself as one: a message next to a code, a type
 * or a status that means failure.
 */
export function readFlatError(frame: Json): ServerError | undefined {
  const words = wordsOf(frame)
  if (words === undefined) return undefined
  const fails = ['code', 'error_code', 'status_code', 'status', 'type', 'object', 'level'].some(
    (key) => {
      const value = frame[key]
      return typeof value === 'number' ? value >= 400 : failing.test(shown(value) ?? '')
    },
  )
  const says = frame['success'] === false || frame['ok'] === false || 'error_code' in frame
  return fails || says ? { message: words, type: typeOf(frame) } : undefined
}

/** An error from anything that was sent as one, whatever its form. */
export function anyError(frame: Json | undefined, raw: string): ServerError {
  const known = frame && (readError(frame) ?? readFlatError(frame))
  if (known !== undefined) return known
  const words = frame && wordsOf(frame)
  if (words !== undefined) return { message: words, type: typeOf(frame!) }
  return { message: raw.trim() || 'an event named error, without data', type: undefined }
}

function wordsOf(error: Json): string | undefined {
  for (const key of messageKeys) {
    const value = error[key]
    if (typeof value === 'string' && value !== '') return value
  }
  return undefined
}

function typeOf(error: Json): string | undefined {
  for (const key of typeKeys) {
    const value = shown(error[key])
    if (value !== undefined && value !== 'error') return value
  }
  return undefined
}

function shown(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}
