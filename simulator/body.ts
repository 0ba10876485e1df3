import type { IncomingMessage } from 'node:http'
import { ApiError, badField } from './api-error.ts'

const MAX_BODY_BYTES = 64 * 1024 * 1024

export type Json = Record<string, unknown>

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @throws ApiError 400 when the text is no JSON object */
export function parseBody(text: string): Json {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new ApiError(400, `the body is no JSON: ${(error as Error).message}`)
  }
  if (!isObject(value)) throw new ApiError(400, 'the body must be a JSON object')
  return value
}

/** Fields that OpenAI's own API takes; a strict server rejects all others. */
const OPENAI_FIELDS = new Set(
  'model messages prompt input stream stream_options max_tokens max_completion_tokens n temperature top_p stop presence_penalty frequency_penalty logit_bias logprobs top_logprobs user seed tools tool_choice parallel_tool_calls response_format metadata store reasoning_effort modalities prediction service_tier suffix echo best_of encoding_format dimensions verbosity safety_identifier prompt_cache_key'.split(
    ' ',
  ),
)

/** @throws ApiError 400 that names the fields, as OpenAI does */
export function rejectUnknown(body: Json): void {
  const unknown = Object.keys(body).filter((name) => !OPENAI_FIELDS.has(name))
  const stream = body['stream_options']
  if (isObject(stream))
    for (const name of Object.keys(stream))
      if (name !== 'include_usage' && name !== 'include_obfuscation')
        unknown.push(`stream_options.${name}`)
  if (unknown.length > 0)
    throw new ApiError(400, `Unrecognized request arguments supplied: ${unknown.join(', ')}`, {
      param: unknown[0]!,
      code: 'unknown_parameter',
    })
}

/** A whole number in a range, or undefined when the field is missing or null. */
export function optionalInteger(
  body: Json,
  name: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw badField(
      name,
      `${name} is ${JSON.stringify(value)}; a whole number from ${least} is accepted`,
    )
  return value
}

export function optionalFlag(body: Json, name: string): boolean {
  const value = body[name]
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean')
    throw badField(name, `${name} is ${JSON.stringify(value)}; true or false is accepted`)
  return value
}

/** The whole body as text. @throws ApiError 413 when it is too large */
export function readBody(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let bytes = 0
    req.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes <= MAX_BODY_BYTES) parts.push(part)
      else reject(new ApiError(413, `the body is over ${MAX_BODY_BYTES} bytes`))
    })
    req.on('end', () => resolve(Buffer.concat(parts).toString()))
    req.on('error', reject)
    req.on('close', () => reject(new Error('the client closed before its request was whole')))
  })
}
