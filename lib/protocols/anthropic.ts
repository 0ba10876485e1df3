import { count, isObject, object, text } from './effects.ts'
import type { Effects, Json } from './effects.ts'
import { readError } from './errors.ts'
import { jsonText, parseObject } from './json.ts'
import { createJsonStream } from './json-stream.ts'
import { messagesOf, notJson } from './openai-common.ts'
import type { Protocol, Usage } from './types.ts'

/** The Messages API requires a limit; this is the one in its own examples. */
const defaultMaxTokens = 1024

/** Anthropic's Messages API (platform.claude.com, build-with-claude/streaming). */
export const anthropic: Protocol = {
  name: 'anthropic',
  framing: 'sse',
  native: false,
  streams: true,
  terminator: 'event: message_stop',
  encode(request, options) {
    const messages = messagesOf(request) as Json[]
    const system = messages.filter((message) => message['role'] === 'system')
    const body = {
      model: options.model,
      stream: options.stream,
      max_tokens: request.maxTokens ?? defaultMaxTokens,
      system: system.length > 0 ? system.map((one) => text(one['content'])).join('\n') : undefined,
      messages: messages.filter((message) => message['role'] !== 'system'),
      temperature: request.temperature,
      tools: request.tools,
      tool_choice: request.toolChoice,
      ...request.extra,
    }
    return {
      method: 'POST',
      path: '/messages',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify(body),
    }
  },
  createDecoder(sink, options) {
    return createJsonStream({ framing: 'sse', createReader: () => read, textKeys }, sink, options)
  },
  decodeWhole(body) {
    const answer = parseObject(body)
    if (answer === undefined) return notJson()
    const content = Array.isArray(answer['content']) ? answer['content'] : []
    return {
      error: readError(answer),
      usage: usageOf(answer['usage'], true),
      finishReason: text(answer['stop_reason']) || undefined,
      text: content.map((block) => text(object(block)['text'])).join(''),
      toolCalls: content
        .map(object)
        .flatMap(({ type, name, input }) =>
          type === 'tool_use' ? [{ name: text(name), arguments: jsonText(input) }] : [],
        ),
    }
  },
}

const textKeys = ['text', 'thinking', 'partial_json']

/** The specification says to ignore unknown events, as new ones may be added at any time. */
function read(frame: Json, event: string, effects: Effects): void {
  const type = text(frame['type']) || event
  if (type === 'content_block_delta') {
    const delta = object(frame['delta'])
    effects.answer = text(delta['text'])
    effects.reasoning = text(delta['thinking'])
    effects.tool = text(delta['partial_json'])
    if (effects.tool !== '') {
      effects.calls = [{ index: count(frame['index']), name: '', arguments: effects.tool }]
    }
    effects.blank = delta['text'] === '' || delta['thinking'] === ''
  } else if (type === 'message_start') {
    // Its output_tokens is a placeholder: the count comes in message_delta.
    effects.usage = usageOf(object(frame['message'])['usage'], false)
  } else if (type === 'message_delta') {
    effects.usage = usageOf(frame['usage'], true)
    effects.finishReason = text(object(frame['delta'])['stop_reason']) || undefined
  } else if (type === 'message_stop') effects.done = true
  else if (type === 'content_block_start') {
    const { type: kind, name, input } = object(frame['content_block'])
    if (kind !== 'tool_use') return
    // The arguments follow in parts; some gateways send them here at once.
    const given = isObject(input) && Object.keys(input).length > 0 ? jsonText(input) : ''
    effects.calls = [{ index: count(frame['index']), name: text(name), arguments: given }]
  } else {
    effects.error = readError(frame)
    effects.unknown = type === '' && effects.error === undefined
  }
}

/**
 * `input_tokens` excludes what came from the cache: the whole prompt is the sum of the three. Counts in
 * message_delta are totals of the answer so far, not to be added up.
 */
function usageOf(value: unknown, withOutput: boolean): Usage | undefined {
  if (!isObject(value)) return undefined
  const fresh = count(value['input_tokens'])
  const cached = count(value['cache_read_input_tokens'])
  const written = count(value['cache_creation_input_tokens'])
  return {
    input: fresh === undefined ? undefined : fresh + (cached ?? 0) + (written ?? 0),
    output: withOutput ? count(value['output_tokens']) : undefined,
    cached,
    reasoning: undefined,
  }
}
