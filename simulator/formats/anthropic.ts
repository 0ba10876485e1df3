import { badField } from '../api-error.ts'
import { optionalFlag } from '../body.ts'
import { contentText, readMessages } from '../messages.ts'
import { readLengths } from './native.ts'
import type { AnswerHead, AnswerWriter, Billed, FinishReason, Piece, WireFormat } from './types.ts'

/** Anthropic's Messages API: a block per part of the answer, the counts in `message_delta`. */
export const anthropic: WireFormat = {
  name: 'anthropic',
  framing: 'sse',
  paths: [{ path: /^\/v1\/messages$/ }],
  countsAlways: false,
  reasons: true,
  read(body) {
    const fields = { max: 'max_tokens', min: 'min_tokens' }
    const lengths = readLengths(body, fields, optionalFlag(body, 'stream'))
    if (lengths.maxTokens === undefined) throw badField('max_tokens', 'max_tokens: Field required')
    const system = contentText(body['system'], 'system')
    const messages = readMessages(body['messages'])
    if (system !== '') messages.unshift({ role: 'system', text: system })
    return { ...lengths, prompts: [{ messages, tools: [] }], promptField: 'messages' }
  },
  createWriter,
  whole({ id, model }, choices, usage) {
    const [choice] = choices
    const content = [
      ...(choice?.reasoning ? [{ type: 'thinking', thinking: choice.reasoning }] : []),
      { type: 'text', text: choice?.content ?? '' },
    ]
    const body = {
      id,
      type: 'message',
      role: 'assistant',
      model,
      content,
      stop_reason: reasons[choice?.reason ?? 'stop'],
      stop_sequence: null,
    }
    const text = JSON.stringify(body)
    return usage === undefined
      ? text
      : `${text.slice(0, -1)},"usage":{${inputOf(usage)},"output_tokens":${usage.completion}}}`
  },
  doneLine: undefined,
  errorBody({ status, message }) {
    const type =
      status === 429 ? 'rate_limit_error' : status < 500 ? 'invalid_request_error' : 'api_error'
    return JSON.stringify({ type: 'error', error: { type, message } })
  },
  errorEvent(message) {
    const error = { type: 'error', error: { type: 'overloaded_error', message } }
    return { event: 'error', data: JSON.stringify(error) }
  },
}

const reasons: Record<FinishReason, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
  abort: 'abort',
  error: 'error',
}

const blocks: Record<Piece['part'], { type: string; empty: string; delta: string; field: string }> =
  {
    content: { type: 'text', empty: '"text":""', delta: 'text_delta', field: 'text' },
    reasoning: {
      type: 'thinking',
      empty: '"thinking":""',
      delta: 'thinking_delta',
      field: 'thinking',
    },
    tool: {
      type: 'tool_use',
      empty: '"id":"toolu_1","name":"f","input":{}',
      delta: 'input_json_delta',
      field: 'partial_json',
    },
  }

/** The prompt as Anthropic counts it: `input_tokens` leaves out what the cache held. */
function inputOf({ fresh, cached }: Billed): string {
  return `"input_tokens":${fresh},"cache_read_input_tokens":${cached ?? 0},"cache_creation_input_tokens":0`
}

function createWriter({ id, model, promptTokens, faults }: AnswerHead): AnswerWriter {
  let block = -1
  let part: Piece['part'] | undefined
  const event = (type: string, rest: string) => ({
    event: type,
    data: `{"type":"${type}"${rest}}`,
  })
  const stop = () => event('content_block_stop', `,"index":${block}`)
  const delta = (reason: string, usage: Billed | undefined) =>
    event(
      'message_delta',
      `,"delta":{"stop_reason":${reason},"stop_sequence":null}${usage === undefined ? '' : `,"usage":{${inputOf(usage)},"output_tokens":${usage.completion}}`}`,
    )
  return {
    finishOnLast: false,
    usageRides: false,
    open() {
      const usage = faults['no-usage'] ? '{}' : `{"input_tokens":${promptTokens},"output_tokens":1}`
      const message = `{"id":${JSON.stringify(id)},"type":"message","role":"assistant","model":${JSON.stringify(model)},"content":[],"stop_reason":null,"usage":${usage}}`
      return [event('message_start', `,"message":${message}`)]
    },
    piece(_choice, piece) {
      const { type, empty, delta: name, field } = blocks[piece.part]
      const events = []
      if (piece.part !== part) {
        if (part !== undefined) events.push(stop())
        part = piece.part
        block++
        const body = `,"index":${block},"content_block":{"type":"${type}",${empty}}`
        events.push(event('content_block_start', body))
      }
      const body = `,"index":${block},"delta":{"type":"${name}","${field}":${JSON.stringify(piece.text)}}`
      return [...events, event('content_block_delta', body)]
    },
    finish: () => (part === undefined ? [] : [stop()]),
    close: (reason, usage) => [delta(`"${reasons[reason]}"`, usage)],
    done: () => [event('message_stop', '')],
    usage: (usage) => [delta('null', usage)],
  }
}
