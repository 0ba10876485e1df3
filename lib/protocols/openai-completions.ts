import { text } from './effects.ts'
import type { Effects, Json } from './effects.ts'
import { createJsonStream } from './json-stream.ts'
import { commonBody, decodeWholeChoices, promptText, readChoices } from './openai-common.ts'
import type { Protocol } from './types.ts'

/**
 * OpenAI text completions. An empty `text` is a token in vLLM's own count: a special token, half a
 * character.
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
    return createJsonStream(
      { framing: 'sse', createReader: () => read, textKeys: ['text'] },
      sink,
      options,
    )
  },
  decodeWhole(body) {
    return decodeWholeChoices(body, (choice) => text(choice['text']))
  },
}

function read(frame: Json, _event: string, effects: Effects): void {
  readChoices(frame, effects, readChoice)
}

function readChoice(choice: Json, effects: Effects): void {
  effects.answer += text(choice['text'])
  effects.blank ||= choice['text'] === ''
}
