import { refusal, value, type Read } from './outcome.ts'

/** Fields for a request's body, as JSON; null drops a field. */
export type Body = Readonly<Record<string, unknown>>

/** Fields that figures rest on, and what sets them. */
const OURS: Readonly<Record<string, string>> = {
  model: 'MODEL sets it',
  stream: 'tokens have no times without it',
  messages: 'the workload sets it',
  prompt: 'the workload sets it',
  input: 'the workload sets it',
  inputs: 'the workload sets it',
  text_input: 'the workload sets it',
}
/** Lengths of answers: a server may refuse the field, but no other value may replace the one asked for. */
const LENGTHS = [
  'max_tokens',
  'max_completion_tokens',
  'max_output_tokens',
  'max_new_tokens',
  'n_predict',
  'num_predict',
]
const LONGEST = 65_536

/**
 * Reads fields for request bodies: a JSON object. Messages name fields but never show values, which may
 * be credentials.
 */
export function readBody(text: string): Read<Body> {
  if (text.length > LONGEST) return refusal(`is longer than ${LONGEST} characters`)
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    // The engine's message quotes the text.
    return refusal('is not valid JSON')
  }
  if (!isObject(parsed)) return refusal('is no JSON object')
  for (const [name, content] of Object.entries(parsed)) {
    const why = Object.hasOwn(OURS, name) ? OURS[name] : undefined
    if (why !== undefined) return refusal(`${name} cannot be changed: ${why}`)
    if (name === 'n' && content !== 1 && content !== null) {
      return refusal('n cannot be changed: figures are of one answer per request')
    }
  }
  const length = lengthIn(parsed)
  if (length !== undefined) {
    return refusal(`${length} can only be dropped (null): OUTPUT_TOKENS sets it`)
  }
  return value(parsed)
}

/** A field on the length of answers that is given a value, at any depth that servers have it. */
function lengthIn(body: Body): string | undefined {
  for (const [name, content] of Object.entries(body)) {
    if (LENGTHS.includes(name) && content !== null) return name
    const inside = isObject(content) ? lengthIn(content) : undefined
    if (inside !== undefined) return inside
  }
  return undefined
}

function isObject(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
}

const SECRET = /auth|key|secret|password|credential|cookie|(^|_)token$/i

/** The fields as they may be shown: texts under names of secrets are masked. */
export function publicBody(body: Body): Body {
  return Object.fromEntries(
    Object.entries(body).map(([name, content]) => {
      if (isObject(content)) return [name, publicBody(content)]
      return [name, SECRET.test(name) && content !== null ? '***' : content]
    }),
  )
}
