import { count, isObject, readError, text } from './effects.ts'
import type { Effects, FrameReader, Json } from './effects.ts'
import { createJsonStream } from './json-stream.ts'
import { commonBody, decodeWholeChoices, promptText, readUsage } from './openai-common.ts'
import type { Protocol } from './types.ts'

/**
 * OpenAI text completions. An empty `text` is a token in vLLM's own count (a special token, half a
 * character); it is counted through usage alone.
 */
export const openaiCompletions: Protocol = {
  name: 'completions',
  framing: 'sse',
  native: false,
  streams: true,
  terminator: 'data: [DONE]',
  encode(request, options) {
    const prompt = Array.isArray(request.prompt) ? request.prompt : promptText(request)
    const body = { ...commonBody(request, options), prompt, ...request.extra }
    return {
      method: 'POST',
      path: '/completions',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
  },
  createDecoder(sink, options) {
    return createJsonStream({ framing: 'sse', createReader, textKeys: ['text'] }, sink, options)
  },
  decodeWhole(body) {
    return decodeWholeChoices(body, (choice) => text(choice['text']))
  },
}

function createReader(): FrameReader {
  return { read, reset() {} }
}

function read(frame: Json, _event: string, effects: Effects): void {
  effects.error = readError(frame)
  effects.usage = readUsage(frame['usage'])
  const { choices } = frame
  if (!Array.isArray(choices)) {
    effects.unknown = effects.error === undefined && effects.usage === undefined
    return
  }
  if (choices.length > 0) effects.cumulative = count(effects.usage?.output)
  for (const choice of choices) {
    if (!isObject(choice)) continue
    effects.answer += text(choice['text'])
    if (typeof choice['finish_reason'] === 'string') effects.finishReason = choice['finish_reason']
  }
}
