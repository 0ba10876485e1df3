import { count, isObject, object, text } from './effects.ts'
import type { Effects, Json } from './effects.ts'
import { createJsonStream } from './json-stream.ts'
import { jsonText } from './json.ts'
import { commonBody, decodeWholeChoices, messagesOf, readChoices } from './openai-common.ts'
import type { CalledTool, Protocol } from './types.ts'

/**
 * OpenAI chat completions, as vLLM, SGLang, TGI, NIM, trtllm-serve, llama.cpp, Ollama and LiteLLM
 * serve it (openai-node, src/resources/chat/completions/completions.ts).
 */
export const openaiChat: Protocol = {
  name: 'chat',
  framing: 'sse',
  native: false,
  streams: true,
  terminator: 'data: [DONE]',
  encode(request, options) {
    const body = {
      ...commonBody(request, options),
      messages: messagesOf(request),
      tools: request.tools,
      tool_choice: request.toolChoice,
      response_format: request.responseFormat,
      ...request.extra,
    }
    return {
      method: 'POST',
      path: '/chat/completions',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
  },
  createDecoder(sink, options) {
    return createJsonStream({ framing: 'sse', createReader: () => read, textKeys }, sink, options)
  },
  decodeWhole(body) {
    return decodeWholeChoices(
      body,
      (choice) => contentText(object(choice['message'])['content']),
      (choice) => wholeCalls(object(choice['message'])['tool_calls']),
    )
  },
}

const textKeys = ['content', 'reasoning_content', 'reasoning', 'text', 'arguments', 'refusal']

function read(frame: Json, _event: string, effects: Effects): void {
  readChoices(frame, effects, readChoice)
}

function readChoice(choice: Json, effects: Effects): void {
  readDelta(object(choice['delta']), effects)
}

function readDelta(delta: Json, effects: Effects): void {
  const { content } = delta
  if (typeof content === 'string') effects.answer += content
  effects.blank ||= [content, delta['reasoning_content'], delta['reasoning']].includes('')
  effects.opens ||= typeof delta['role'] === 'string'
  if (Array.isArray(content)) readParts(content, effects)
  // Two names for one text: vLLM wrote reasoning_content, now reasoning; some gateways send both.
  effects.reasoning +=
    text(delta['reasoning_content']) ||
    text(delta['reasoning']) ||
    detailsText(delta['reasoning_details'], effects)
  effects.answer += text(delta['refusal'])
  if (Array.isArray(delta['tool_calls'])) {
    for (const call of delta['tool_calls']) {
      const { index, function: called } = object(call)
      readCall(object(called), count(index), effects)
    }
  }
  if (isObject(delta['function_call'])) readCall(delta['function_call'], 0, effects)
  const audio = object(delta['audio'])
  effects.tool += text(audio['transcript']) || text(audio['data'])
}

/** OpenRouter's reasoning_details: `{type: 'reasoning.text', text}`, `{…summary, summary}`. */
function detailsText(details: unknown, effects: Effects): string {
  if (!Array.isArray(details)) return ''
  const summaries = details.map((one) => text(object(one)['summary']))
  effects.summary ||= summaries.some((one) => one !== '')
  return details.map((one, i) => text(object(one)['text']) || summaries[i]!).join('')
}

function readCall(call: Json, index: number | undefined, effects: Effects): void {
  const part = { index, name: text(call['name']), arguments: text(call['arguments']) }
  effects.tool += part.name + part.arguments
  effects.calls = [...(effects.calls ?? []), part]
}

/** The calls of a whole message; Ollama's have their arguments as an object. */
export function wholeCalls(calls: unknown): CalledTool[] {
  if (!Array.isArray(calls)) return []
  return calls.map((call) => {
    const { name, arguments: given } = object(object(call)['function'])
    return { name: text(name), arguments: jsonText(given) }
  })
}

/** Mistral sends content as parts: `{type: 'text', text}`, `{type: 'thinking', thinking: [parts]}`. */
function readParts(parts: readonly unknown[], effects: Effects): void {
  for (const part of parts) {
    const { type, text: value, thinking } = object(part)
    if (type === 'thinking') effects.reasoning += contentText(thinking)
    else effects.answer += text(value)
  }
}

function contentText(content: unknown): string {
  if (!Array.isArray(content)) return text(content)
  return content.map((part) => text(object(part)['text'])).join('')
}
