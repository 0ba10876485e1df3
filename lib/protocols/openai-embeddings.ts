import { readError } from './effects.ts'
import { parseObject } from './json.ts'
import { createJsonStream } from './json-stream.ts'
import { notJson, promptText, readUsage } from './openai-common.ts'
import type { Protocol } from './types.ts'

/** OpenAI embeddings: one JSON answer, no stream and no output tokens. */
export const openaiEmbeddings: Protocol = {
  name: 'embeddings',
  framing: 'sse',
  native: false,
  streams: false,
  terminator: 'a whole JSON answer',
  encode(request, options) {
    const input = request.input ?? request.prompt ?? promptText(request)
    return {
      method: 'POST',
      path: '/embeddings',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: options.model, input, ...request.extra }),
    }
  },
  createDecoder(sink, options) {
    return createJsonStream(
      { framing: 'sse', createReader: () => () => {}, textKeys: [] },
      sink,
      options,
    )
  },
  decodeWhole(body) {
    const answer = parseObject(body)
    if (answer === undefined) return notJson()
    const empty = !Array.isArray(answer['data']) || answer['data'].length === 0
    const missing = { message: 'the answer holds no embedding', type: 'not_json' }
    return {
      error: readError(answer) ?? (empty ? missing : undefined),
      usage: readUsage(answer['usage']),
      finishReason: undefined,
      text: undefined,
    }
  },
}
