import type { ApiError } from '../api-error.ts'
import { optionalFlag, optionalInteger } from '../body.ts'
import type { Json } from '../body.ts'
import { readPlain } from '../messages.ts'
import type { Asked } from './types.ts'

/** Names of the fields in which an API takes the lengths. */
export interface LengthFields {
  max: string
  min: string
}

/**
 * What the APIs ask alike that have one answer per request and always tell their counts.
 *
 * @param parameters where the lengths stand: the body, or an object in it
 * @throws ApiError 400
 */
export function readLengths(
  parameters: Json,
  fields: LengthFields,
  stream: boolean,
): Omit<Asked, 'prompts' | 'promptField'> {
  return {
    stream,
    maxTokens: optionalInteger(parameters, fields.max, 1),
    minTokens: optionalInteger(parameters, fields.min, 0) ?? 0,
    ignoreEos: optionalFlag(parameters, 'ignore_eos'),
    n: 1,
    greedy: parameters['temperature'] === 0,
    tool: undefined,
    json: false,
    includeUsage: true,
    continuousUsage: false,
  }
}

/** A prompt without messages. @throws ApiError 400 */
export function readPrompt(body: Json, field: string): Pick<Asked, 'prompts' | 'promptField'> {
  return {
    prompts: readPlain(body[field], field).map((plain) => ({ plain })),
    promptField: field,
  }
}

/** `{"error": "…"}`, as Triton and Ollama say it. */
export function plainError({ message }: Pick<ApiError, 'message'>): string {
  return JSON.stringify({ error: message })
}
