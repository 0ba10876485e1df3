import { count, isObject, object, text } from './effects.ts'
import type { Effects, Json } from './effects.ts'
import { readError } from './errors.ts'
import { jsonText, parseObject } from './json.ts'
import { createJsonStream } from './json-stream.ts'
import { messagesOf, notJson } from './openai-common.ts'
import type { CalledTool, Protocol, Usage } from './types.ts'

/** OpenAI's Responses API (openai-node, src/resources/responses/responses.ts). */
export const openaiResponses: Protocol = {
  name: 'responses',
  framing: 'sse',
  native: false,
  streams: true,
  terminator: 'event: response.completed',
  encode(request, options) {
    const body = {
      model: options.model,
      stream: options.stream,
      input: messagesOf(request),
      max_output_tokens: request.maxTokens,
      min_tokens: request.minTokens,
      ignore_eos: request.ignoreEos,
      temperature: request.temperature,
      tools: request.tools,
      tool_choice: request.toolChoice,
      ...request.extra,
    }
    return {
      method: 'POST',
      path: '/responses',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
  },
  createDecoder(sink, options) {
    return createJsonStream(
      { framing: 'sse', createReader: () => read, textKeys: ['delta'] },
      sink,
      options,
    )
  },
  decodeWhole(body) {
    const answer = parseObject(body)
    if (answer === undefined) return notJson()
    return {
      error: readError(answer),
      usage: usageOf(answer['usage']),
      finishReason: finishOf(answer),
      text: outputText(answer['output']),
      toolCalls: outputCalls(answer['output']),
    }
  },
}

/** The events that carry generated payload; `…added` and `…done` events repeat or announce it. */
const deltas: Readonly<Record<string, 'answer' | 'reasoning' | 'tool'>> = {
  'response.output_text.delta': 'answer',
  'response.refusal.delta': 'answer',
  'response.reasoning_text.delta': 'reasoning',
  'response.reasoning_summary_text.delta': 'reasoning',
  'response.function_call_arguments.delta': 'tool',
  'response.custom_tool_call_input.delta': 'tool',
  'response.mcp_call_arguments.delta': 'tool',
  'response.audio.delta': 'tool',
}

function read(frame: Json, event: string, effects: Effects): void {
  const type = text(frame['type']) || event
  const part = deltas[type]
  if (part !== undefined) {
    effects[part] = text(frame['delta'])
    effects.blank = part !== 'tool' && frame['delta'] === ''
    effects.summary = type === 'response.reasoning_summary_text.delta'
    if (type === 'response.function_call_arguments.delta') {
      const index = count(frame['output_index'])
      effects.calls = [{ index, name: '', arguments: effects.tool }]
    }
    return
  }
  const item = object(frame['item'])
  if (type === 'response.output_item.added' && item['type'] === 'function_call') {
    const index = count(frame['output_index'])
    effects.calls = [{ index, name: text(item['name']), arguments: text(item['arguments']) }]
    return
  }
  const response = object(frame['response'])
  if (type === 'response.completed' || type === 'response.incomplete') {
    effects.usage = usageOf(response['usage'])
    effects.finishReason = finishOf(response)
    effects.done = true
  } else if (type === 'response.failed' || type === 'response.cancelled') {
    effects.usage = usageOf(response['usage'])
    effects.error = readError(response)
    // Without an error its status is why it ended, as a finish reason is elsewhere.
    effects.finishReason = text(response['status']) || type.slice('response.'.length)
    effects.done = true
  } else {
    effects.error = readError(frame)
    effects.unknown = type === '' && effects.error === undefined
  }
}

/** `incomplete` is the normal end at the token limit; its reason is then `max_output_tokens`. */
function finishOf(response: Json): string | undefined {
  return (
    text(object(response['incomplete_details'])['reason']) || text(response['status']) || undefined
  )
}

function usageOf(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined
  const total = count(value['total_tokens'])
  return {
    input: count(value['input_tokens']),
    output: count(value['output_tokens']),
    cached: count(object(value['input_tokens_details'])['cached_tokens']),
    reasoning: count(object(value['output_tokens_details'])['reasoning_tokens']),
    ...(total === undefined ? {} : { total }),
  }
}

function outputText(output: unknown): string | undefined {
  if (!Array.isArray(output)) return undefined
  const parts = output.flatMap((item) => {
    const { type, content } = object(item)
    return type === 'message' && Array.isArray(content) ? content : []
  })
  return parts.map((part) => text(object(part)['text'])).join('')
}

function outputCalls(output: unknown): CalledTool[] {
  if (!Array.isArray(output)) return []
  return output
    .map(object)
    .flatMap(({ type, name, arguments: given }) =>
      type === 'function_call' ? [{ name: text(name), arguments: jsonText(given) }] : [],
    )
}
