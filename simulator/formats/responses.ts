import { optionalFlag } from '../body.ts'
import { readMessages } from '../messages.ts'
import { readLengths, readPrompt } from './native.ts'
import { openaiError } from './openai.ts'
import type { AnswerHead, AnswerWriter, Billed, FinishReason, WireFormat } from './types.ts'

/** OpenAI's Responses API: named events, the usage in the last one. */
export const responses: WireFormat = {
  name: 'responses',
  framing: 'sse',
  paths: [{ path: /^\/v1\/responses$/ }],
  countsAlways: false,
  reasons: true,
  read(body) {
    const { input } = body
    const fields = { max: 'max_output_tokens', min: 'min_tokens' }
    const lengths = readLengths(body, fields, optionalFlag(body, 'stream'))
    if (typeof input === 'string') return { ...lengths, ...readPrompt(body, 'input') }
    const messages = readMessages(input, 'input')
    return { ...lengths, prompts: [{ messages, tools: [] }], promptField: 'input' }
  },
  createWriter,
  whole(head, choices, usage) {
    const [choice] = choices
    const output = [
      ...(choice?.reasoning ? [{ type: 'reasoning', summary: [] }] : []),
      { type: 'message', content: [{ type: 'output_text', text: choice?.content ?? '' }] },
    ]
    return response(head, choice?.reason ?? 'stop', usage, JSON.stringify(output))
  },
  doneLine: undefined,
  errorBody: openaiError,
  errorEvent(message) {
    const error = { type: 'error', code: 'server_error', message, param: null }
    return { event: 'error', data: JSON.stringify(error) }
  },
}

const deltas = {
  content: 'response.output_text.delta',
  reasoning: 'response.reasoning_text.delta',
  tool: 'response.function_call_arguments.delta',
} as const

function createWriter(head: AnswerHead): AnswerWriter {
  const started = `{"id":${JSON.stringify(head.id)},"object":"response","status":"in_progress","model":${JSON.stringify(head.model)},"error":null,"usage":null}`
  let sequence = 0
  const event = (type: string, rest: string) => ({
    event: type,
    data: `{"type":"${type}","sequence_number":${sequence++},${rest}}`,
  })
  return {
    finishOnLast: false,
    usageRides: false,
    open() {
      return [
        event('response.created', `"response":${started}`),
        event(
          'response.output_item.added',
          '"output_index":0,"item":{"id":"msg_1","type":"message","role":"assistant","content":[]}',
        ),
      ]
    },
    piece: (_choice, { part, text }) => [
      event(
        deltas[part],
        `"item_id":"msg_1","output_index":0,"content_index":0,"delta":${JSON.stringify(text)}`,
      ),
    ],
    finish: () => [event('response.output_text.done', '"item_id":"msg_1","text":""')],
    close: () => [],
    done(reason, usage) {
      const { event: type } = outcomes[reason]
      return [event(type, `"response":${response(head, reason, usage, '[]')}`)]
    },
  }
}

/** Event, status and what more the response says of how it ended. */
const outcomes: Record<FinishReason, { event: string; status: string; why: string }> = {
  stop: { event: 'response.completed', status: 'completed', why: '"error":null' },
  tool_calls: { event: 'response.completed', status: 'completed', why: '"error":null' },
  length: {
    event: 'response.incomplete',
    status: 'incomplete',
    why: '"error":null,"incomplete_details":{"reason":"max_output_tokens"}',
  },
  content_filter: {
    event: 'response.incomplete',
    status: 'incomplete',
    why: '"error":null,"incomplete_details":{"reason":"content_filter"}',
  },
  error: {
    event: 'response.failed',
    status: 'failed',
    why: '"error":{"code":"server_error","message":"simulated: the engine died"}',
  },
  abort: { event: 'response.cancelled', status: 'cancelled', why: '"error":null' },
}

function response(
  { id, model }: AnswerHead,
  reason: FinishReason,
  usage: Billed | undefined,
  output: string,
): string {
  const { status, why } = outcomes[reason]
  const counts = usage === undefined ? 'null' : usageOf(usage)
  return `{"id":${JSON.stringify(id)},"object":"response","status":"${status}","model":${JSON.stringify(model)},${why},"output":${output},"usage":${counts}}`
}

function usageOf({ prompt, completion, total, cached, reasoning }: Billed): string {
  return `{"input_tokens":${prompt},"input_tokens_details":{"cached_tokens":${cached ?? 0}},"output_tokens":${completion},"output_tokens_details":{"reasoning_tokens":${reasoning ?? 0}},"total_tokens":${total}}`
}
