import { count, object, text } from './effects.ts'
import type { Effects, Json } from './effects.ts'
import { readError } from './errors.ts'
import { parseObject } from './json.ts'
import { createJsonStream } from './json-stream.ts'
import { wholeCalls } from './openai-chat.ts'
import { messagesOf, notJson, promptText } from './openai-common.ts'
import type { GenerationRequest, Protocol, Usage, WholeAnswer } from './types.ts'

/** Ollama's chat (ollama/ollama, docs/api.md): one JSON object per line, the last one with `done`. */
export const ollamaChat: Protocol = {
  name: 'ollama-chat',
  framing: 'ndjson',
  native: true,
  streams: true,
  terminator: 'a line with "done":true',
  encode(request, { model, stream }) {
    const { tools } = request
    const body = {
      model,
      stream,
      messages: messagesOf(request),
      tools,
      options: optionsOf(request),
    }
    return encoded('/api/chat', { ...body, ...request.extra })
  },
  createDecoder(sink, options) {
    const textKeys = ['content', 'thinking']
    return createJsonStream(
      { framing: 'ndjson', createReader: () => read, textKeys },
      sink,
      options,
    )
  },
  decodeWhole,
}

/** Ollama's completion; its text comes as `response`. */
export const ollamaGenerate: Protocol = {
  ...ollamaChat,
  name: 'ollama-generate',
  encode(request, { model, stream }) {
    const body = { model, stream, prompt: promptText(request), options: optionsOf(request) }
    return encoded('/api/generate', { ...body, ...request.extra })
  },
  createDecoder(sink, options) {
    const textKeys = ['response', 'thinking']
    return createJsonStream(
      { framing: 'ndjson', createReader: () => read, textKeys },
      sink,
      options,
    )
  },
}

function encoded(path: string, body: object) {
  const headers = { 'content-type': 'application/json' }
  return { method: 'POST', path, headers, body: JSON.stringify(body) } as const
}

function optionsOf(request: GenerationRequest): object {
  return { num_predict: request.maxTokens, temperature: request.temperature }
}

function read(frame: Json, _event: string, effects: Effects): void {
  effects.error = readError(frame)
  const message = object(frame['message'])
  effects.answer = text(message['content']) || text(frame['response'])
  effects.reasoning = text(message['thinking']) || text(frame['thinking'])
  const calls = message['tool_calls']
  if (Array.isArray(calls) && calls.length > 0) {
    effects.tool = JSON.stringify(calls)
    effects.calls = wholeCalls(calls).map((call) => ({ index: undefined, ...call }))
  }
  effects.unknown = effects.error === undefined && typeof frame['done'] !== 'boolean'
  effects.blank = message['content'] === '' || frame['response'] === ''
  if (frame['done'] !== true) return
  effects.done = true
  effects.usage = usageOf(frame)
  effects.finishReason = text(frame['done_reason']) || undefined
}

function decodeWhole(body: string): WholeAnswer {
  const answer = parseObject(body)
  if (answer === undefined) return notJson()
  return {
    error: readError(answer),
    usage: usageOf(answer),
    finishReason: text(answer['done_reason']) || undefined,
    text: text(object(answer['message'])['content']) || text(answer['response']),
    toolCalls: wholeCalls(object(answer['message'])['tool_calls']),
  }
}

/** `prompt_eval_count` may be missing when the whole prompt came from the cache. */
function usageOf(frame: Json): Usage {
  return {
    input: count(frame['prompt_eval_count']),
    output: count(frame['eval_count']),
    cached: undefined,
    reasoning: undefined,
  }
}
