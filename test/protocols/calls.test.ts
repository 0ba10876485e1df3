import { describe, expect, it } from 'vitest'
import { encodeUtf8 } from '../../lib/http/index.ts'
import { protocols } from '../../lib/protocols/index.ts'
import { decodePieces } from '../support/decode.ts'

const args = '{"customer":"47\\"11 é","limit":5}'
const parts = ['{"cust', 'omer":"47\\', '"11 é"', ',"limit":', '5', '}']
const sse = (frame: object, event = '') =>
  encodeUtf8(`${event === '' ? '' : `event: ${event}\n`}data: ${JSON.stringify(frame)}\n\n`)
const line = (frame: object) => encodeUtf8(`${JSON.stringify(frame)}\n`)
const chat = (delta: object) => sse({ choices: [{ index: 0, delta, finish_reason: null }] })
const called = (index: number | undefined, fn: object) =>
  chat({ tool_calls: [{ index, function: fn }] })

const SEARCH = { name: 'search', arguments: args }
const TIME = { name: 'time', arguments: '{}' }

/** Two calls as the servers of each format stream them. */
const streams: Record<string, readonly string[]> = {
  chat: [
    called(0, { name: 'search', arguments: '' }),
    ...parts.map((part) => called(0, { arguments: part })),
    called(1, { name: 'time', arguments: '' }),
    called(1, { arguments: '{}' }),
  ],
  'chat that repeats the name': [
    ...parts.map((part) => called(0, { name: 'search', arguments: part })),
    called(1, { name: 'time', arguments: '{}' }),
  ],
  'chat that numbers no calls': [
    called(undefined, { name: 'search', arguments: args }),
    called(undefined, { name: 'time', arguments: '{}' }),
  ],
  anthropic: [
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    {
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'tool_use', name: 'search', input: {} },
    },
    ...parts.map((part) => ({
      type: 'content_block_delta',
      index: 1,
      delta: { type: 'input_json_delta', partial_json: part },
    })),
    {
      type: 'content_block_start',
      index: 2,
      content_block: { type: 'tool_use', name: 'time', input: {} },
    },
    {
      type: 'content_block_delta',
      index: 2,
      delta: { type: 'input_json_delta', partial_json: '{}' },
    },
  ].map((frame) => sse(frame, frame.type)),
  responses: [
    {
      type: 'response.output_item.added',
      output_index: 1,
      item: { type: 'function_call', name: 'search', arguments: '' },
    },
    ...parts.map((delta) => ({
      type: 'response.function_call_arguments.delta',
      output_index: 1,
      delta,
    })),
    {
      type: 'response.output_item.added',
      output_index: 2,
      item: { type: 'function_call', name: 'time', arguments: '{}' },
    },
  ].map((frame) => sse(frame, frame.type)),
  'ollama-chat': [
    line({
      message: {
        content: '',
        tool_calls: [
          { function: { name: 'search', arguments: JSON.parse(args) as unknown } },
          { function: { name: 'time', arguments: {} } },
        ],
      },
      done: false,
    }),
  ],
}

describe.each(Object.entries(streams))('the calls of a stream: %s', (name, pieces) => {
  const protocol = protocols[name.split(' ')[0]!]!

  it.each([
    ['by the shortcut', false],
    ['in full', true],
  ])('%s', (_, fullParse) => {
    const { end } = decodePieces(protocol, pieces, { collectText: true, fullParse })
    expect(end.toolCalls).toEqual([SEARCH, TIME])
  })

  it('are not kept where no text is asked for', () => {
    expect(decodePieces(protocol, pieces).end.toolCalls).toBeUndefined()
  })
})

it.each<[string, object]>([
  [
    'chat',
    {
      choices: [
        {
          message: { content: null, tool_calls: [{ function: SEARCH }, { function: TIME }] },
        },
      ],
    },
  ],
  [
    'anthropic',
    {
      content: [
        { type: 'text', text: '' },
        { type: 'tool_use', name: 'search', input: JSON.parse(args) as unknown },
        { type: 'tool_use', name: 'time', input: {} },
      ],
    },
  ],
  [
    'responses',
    {
      output: [
        { type: 'function_call', ...SEARCH },
        { type: 'function_call', ...TIME },
      ],
    },
  ],
  [
    'ollama-chat',
    {
      message: {
        tool_calls: [
          { function: { name: 'search', arguments: JSON.parse(args) as unknown } },
          { function: { name: 'time', arguments: {} } },
        ],
      },
      done: true,
    },
  ],
])('the calls of a whole answer: %s', (name, body) => {
  expect(protocols[name]!.decodeWhole(JSON.stringify(body)).toolCalls).toEqual([SEARCH, TIME])
})

it('keeps no more calls than an answer can have', () => {
  const endless = Array.from({ length: 1000 }, (_, i) => called(i, { name: 'f', arguments: '1' }))
  const { end } = decodePieces(protocols['chat']!, endless, { collectText: true })
  expect(end.toolCalls).toHaveLength(128)
})
