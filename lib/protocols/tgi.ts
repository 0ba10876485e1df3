import { count, isObject, object, text } from './effects.ts'
import type { Effects, Json } from './effects.ts'
import { readError } from './errors.ts'
import { parseObject } from './json.ts'
import { createJsonStream } from './json-stream.ts'
import { notJson, promptText } from './openai-common.ts'
import type { Protocol, Usage } from './types.ts'

/** Text Generation Inference's own API (router/src/lib.rs, StreamResponse and StreamDetails). */
export const tgi: Protocol = {
  name: 'tgi',
  framing: 'sse',
  native: true,
  streams: true,
  terminator: 'an event with generated_text',
  encode(request, options) {
    const body = {
      inputs: promptText(request),
      parameters: {
        max_new_tokens: request.maxTokens,
        // TGI refuses 0, and is greedy when it is not given.
        temperature: request.temperature === 0 ? undefined : request.temperature,
        details: true,
      },
      ...request.extra,
    }
    return {
      method: 'POST',
      path: options.stream ? '/generate_stream' : '/generate',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
  },
  createDecoder(sink, options) {
    return createJsonStream(
      { framing: 'sse', createReader: () => read, textKeys: ['text'] },
      sink,
      options,
    )
  },
  decodeWhole(body) {
    const answer = parseObject(body)
    if (answer === undefined) return notJson()
    return {
      error: readError(answer),
      usage: usageOf(answer['details']),
      finishReason: text(object(answer['details'])['finish_reason']) || undefined,
      text: text(answer['generated_text']),
    }
  },
}

/** Each event is one token, with or without text; the text of a special token is not part of the answer. */
function read(frame: Json, _event: string, effects: Effects): void {
  effects.error = readError(frame)
  const { token } = frame
  if (isObject(token)) {
    effects.blank = token['special'] === true
    if (!effects.blank) {
      effects.answer = text(token['text'])
      effects.tokens = 1
    }
  } else effects.unknown = effects.error === undefined
  if (typeof frame['generated_text'] !== 'string') return
  effects.done = true
  effects.usage = usageOf(frame['details'])
  effects.finishReason = text(object(frame['details'])['finish_reason']) || undefined
}

function usageOf(details: unknown): Usage | undefined {
  if (!isObject(details)) return undefined
  const { prefill } = details
  const prefilled = Array.isArray(prefill) && prefill.length > 0 ? prefill.length : undefined
  return {
    input: count(details['input_length']) ?? prefilled,
    output: count(details['generated_tokens']),
    cached: undefined,
    reasoning: undefined,
  }
}
