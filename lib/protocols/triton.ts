import { text } from './effects.ts'
import type { Effects, Json } from './effects.ts'
import { readError } from './errors.ts'
import { parseObject } from './json.ts'
import { createJsonStream } from './json-stream.ts'
import { notJson, promptText } from './openai-common.ts'
import type { Protocol } from './types.ts'

/**
 * Triton's generate extension (triton-inference-server/server, docs/protocol/extension_generate.md).
 * It has no usage and no terminal marker, so tokens are counted by chunks, and the answer ends with the body.
 */
export const triton: Protocol = {
  name: 'triton',
  framing: 'sse',
  native: true,
  streams: true,
  terminator: 'a proper end of the body',
  encode(request, options) {
    const body = {
      text_input: promptText(request),
      parameters: {
        stream: options.stream,
        max_tokens: request.maxTokens,
        min_tokens: request.minTokens,
        ignore_eos: request.ignoreEos,
        temperature: request.temperature,
      },
      ...request.extra,
    }
    const verb = options.stream ? 'generate_stream' : 'generate'
    return {
      method: 'POST',
      path: `/v2/models/${encodeURIComponent(options.model)}/${verb}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
  },
  createDecoder(sink, options) {
    const format = {
      framing: 'sse',
      createReader: () => read,
      textKeys: ['text_output'],
      endIsDone: true,
    } as const
    return createJsonStream(format, sink, options)
  },
  decodeWhole(body) {
    const answer = parseObject(body)
    if (answer === undefined) return notJson()
    return {
      error: readError(answer),
      usage: undefined,
      finishReason: undefined,
      text: text(answer['text_output']),
    }
  },
}

function read(frame: Json, _event: string, effects: Effects): void {
  effects.error = readError(frame)
  effects.answer = text(frame['text_output'])
  effects.blank = frame['text_output'] === ''
  effects.unknown = effects.error === undefined && !('text_output' in frame)
}
