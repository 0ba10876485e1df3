import { badField } from '../api-error.ts'
import type { ApiError } from '../api-error.ts'
import { isObject, optionalFlag, optionalInteger, rejectUnknown } from '../body.ts'
import type { Json } from '../body.ts'
import type { AnswerHead, Asked, Billed, FinishReason, StreamEvent } from './types.ts'

/** OpenAI's usage object. */
export function usageJson(usage: Billed): string {
  const { prompt, completion, total, cached, reasoning } = usage
  const input = cached === undefined ? '' : `,"prompt_tokens_details":{"cached_tokens":${cached}}`
  const output =
    reasoning === undefined ? '' : `,"completion_tokens_details":{"reasoning_tokens":${reasoning}}`
  return `{"prompt_tokens":${prompt},"completion_tokens":${completion},"total_tokens":${total}${input}${output}}`
}

/** What chat and text completions ask alike. @throws ApiError 400 */
export function readCommon(
  body: Json,
  strict: boolean,
): Omit<Asked, 'prompts' | 'promptField' | 'tool'> {
  if (strict) rejectUnknown(body)
  const stream = optionalFlag(body, 'stream')
  const streamOptions = body['stream_options'] ?? {}
  if (!isObject(streamOptions)) throw badField('stream_options', 'stream_options must be an object')
  if (!stream && body['stream_options'] !== undefined && body['stream_options'] !== null)
    throw badField('stream_options', 'stream_options is only accepted with stream: true')
  const format = body['response_format']
  return {
    stream,
    maxTokens:
      optionalInteger(body, 'max_completion_tokens', 1) ?? optionalInteger(body, 'max_tokens', 1),
    minTokens: optionalInteger(body, 'min_tokens', 0) ?? 0,
    ignoreEos: optionalFlag(body, 'ignore_eos'),
    n: optionalInteger(body, 'n', 1, 128) ?? 1,
    greedy: body['temperature'] === 0,
    json: isObject(format) && format['type'] !== 'text',
    includeUsage: stream && optionalFlag(streamOptions, 'include_usage'),
    continuousUsage: stream && optionalFlag(streamOptions, 'continuous_usage_stats'),
  }
}

/** `{"error": {message, type, param, code}}` */
export function openaiError(error: ApiError): string {
  const { message, type, param = null, code = null } = error
  return JSON.stringify({ error: { message, type, param, code } })
}

export function openaiErrorEvent(message: string): StreamEvent {
  const error = { message, type: 'server_error', param: null, code: 500 }
  return { data: JSON.stringify({ error }) }
}

export const doneLine: StreamEvent = { data: '[DONE]' }

/** Writes one frame, with its usage where the faults put it. */
export interface FrameWriter {
  /** @param body the member of the choice that holds its text */
  choice(index: number, body: string, reason: FinishReason | undefined, usage?: Billed): StreamEvent
  usage(usage: Billed): StreamEvent
}

export function createFrames(object: string, head: AnswerHead): FrameWriter {
  const { id, created, model, faults } = head
  const start = `{"id":${JSON.stringify(id)},"object":"${object}","created":${created},"model":${JSON.stringify(model)},"choices":[`
  return {
    choice(index, body, reason, usage) {
      const finish = reason === undefined ? 'null' : `"${reason}"`
      const counts = usage === undefined ? '' : `,"usage":${usageJson(usage)}`
      const inside = faults['usage-in-choice'] ? counts : ''
      const groq =
        faults['usage-x-groq'] && counts !== '' ? `,"x_groq":{"id":"req_1"${counts}}` : ''
      const outside = inside === '' && groq === '' ? counts : ''
      const error = faults['error-choice'] && reason === 'error' ? choiceError : ''
      return {
        data: `${start}{"index":${index},${body},"logprobs":null,"finish_reason":${finish}${inside}${error}}]${outside}${groq}}`,
      }
    },
    usage: (usage) => ({ data: `${start}],"usage":${usageJson(usage)}}` }),
  }
}

const choiceError = ',"error":{"code":502,"message":"simulated: the upstream gave up"}'

/** Whether the usage rides on the frame with the finish reason. */
export function ridesOf({ options, faults }: AnswerHead): boolean {
  return (
    options.wire.usage === 'final' ||
    faults['usage-in-choice'] !== undefined ||
    faults['usage-x-groq'] !== undefined
  )
}
