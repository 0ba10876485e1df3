import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openaiChat } from '../../lib/protocols/index.ts'
import { decodePieces, sseBody } from '../support/decode.ts'

const head = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm' }
const frame = (delta: object, finish: string | null = null, more: object = {}) => ({
  ...head,
  choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  ...more,
})
const usage = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 }

/** One delivery a frame, so that the log's times are frame numbers. */
const decode = (frames: readonly unknown[], options = {}) =>
  decodePieces(
    openaiChat,
    frames.map((one) => sseBody([one])),
    { collectText: true, ...options },
  )

describe('what a frame counts for', () => {
  test.each<[string, unknown[], string[]]>([
    [
      'role only is no token',
      [frame({ role: 'assistant', content: '' }), frame({ content: 'a' })],
      ['answer@1'],
    ],
    ['null content is no token', [frame({ role: 'assistant', content: null }), frame({})], []],
    [
      'reasoning',
      [frame({ reasoning: 'hm' }), frame({ content: 'a' })],
      ['reasoning@0', 'answer@1'],
    ],
    ['reasoning_content', [frame({ reasoning_content: 'hm' })], ['reasoning@0']],
    [
      'both names of reasoning count once',
      [frame({ reasoning: 'hm', reasoning_content: 'hm' })],
      ['reasoning@0'],
    ],
    [
      'empty content beside reasoning',
      [frame({ content: '', reasoning_content: 'hm' })],
      ['reasoning@0'],
    ],
    [
      'reasoning and content in one frame',
      [frame({ content: 'a', reasoning: 'hm' })],
      ['answer@0'],
    ],
    ['refusal', [frame({ refusal: 'No' })], ['answer@0']],
    [
      'tool call by name',
      [frame({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '' } }] })],
      ['answer@0'],
    ],
    [
      'tool call by arguments',
      [frame({ tool_calls: [{ index: 0, function: { arguments: '{"' } }] })],
      ['answer@0'],
    ],
    [
      'empty tool calls',
      [
        frame({ tool_calls: [] }),
        frame({ tool_calls: [{ index: 0, function: { arguments: '' } }] }),
      ],
      [],
    ],
    [
      'legacy function_call',
      [frame({ function_call: { name: 'f', arguments: '' } })],
      ['answer@0'],
    ],
    [
      'parts (Mistral)',
      [
        frame({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] }),
        frame({ content: [{ type: 'text', text: 'a' }] }),
      ],
      ['reasoning@0', 'answer@1'],
    ],
    [
      'the finishing frame with text',
      [frame({ content: 'a' }), frame({ content: 'b' }, 'length')],
      ['answer@0', 'answer@1'],
    ],
    [
      'two choices',
      [
        {
          ...head,
          choices: [
            { index: 0, delta: { content: 'a' } },
            { index: 1, delta: { content: 'b' } },
          ],
        },
      ],
      ['answer@0'],
    ],
    [
      'error object',
      [{ error: { message: 'boom', type: 'InternalServerError', code: 500 } }],
      ['error InternalServerError: boom'],
    ],
    ['error with a code alone', [{ error: { message: 'boom', code: 500 } }], ['error 500: boom']],
    ['error as text', [{ error: 'boom' }], ['error undefined: boom']],
    [
      'older vLLM',
      [{ object: 'error', message: 'boom', type: 'BadRequestError' }],
      ['error BadRequestError: boom'],
    ],
    ['DONE', ['[DONE]', '[DONE]'], ['done@0']],
    [
      'empty frames',
      [
        { ...head, choices: [] },
        { ...head, choices: [{}] },
      ],
      [],
    ],
  ])('%s', (_, frames, log) => {
    expect(decode(frames).log).toEqual(log)
  })
})

describe('how it ends', () => {
  test('finish reason, usage in its own frame, text', () => {
    const { end } = decode([
      frame({ role: 'assistant', content: '' }),
      frame({ reasoning_content: 'Hm ' }),
      frame({ content: 'Hé' }),
      frame({ content: 'llo "x"\n' }),
      frame({}, 'stop'),
      {
        ...head,
        choices: [],
        usage: {
          ...usage,
          prompt_tokens_details: { cached_tokens: 4 },
          completion_tokens_details: { reasoning_tokens: 3 },
        },
      },
      '[DONE]',
    ])
    expect(end).toMatchObject({
      done: true,
      finishReason: 'stop',
      usage: { input: 9, output: 12, cached: 4, reasoning: 3 },
      text: 'Héllo "x"\n',
      reasoningText: 'Hm ',
      malformed: 0,
    })
  })

  test('usage in the frame that finishes, and null elsewhere', () => {
    const { end, log } = decode([
      frame({ content: 'a' }, null, { usage: null }),
      frame({ content: 'b' }, 'stop', { usage }),
    ])
    expect(end).toMatchObject({ done: false, usage: { input: 9, output: 12 } })
    expect(log).toEqual(['answer@0', 'answer@1 +12'])
  })

  test('malformed frames are counted and harm nothing', () => {
    const { end, log } = decode([
      '{"a":',
      '[1]',
      'x',
      { a: 1 },
      frame({ content: 'a' }),
      '"s"',
      'null',
    ])
    expect(end.malformed).toBe(6)
    expect(log).toEqual(['answer@4'])
  })

  test('usage that is no count is no value; a number as text is one', () => {
    const { end } = decode([{ choices: [], usage: { prompt_tokens: 9.5, completion_tokens: -1 } }])
    expect(end.usage).toBeUndefined()
    const texts = decode([{ choices: [], usage: { prompt_tokens: '9', completion_tokens: '12' } }])
    expect(texts.end.usage).toMatchObject({ input: 9, output: 12 })
  })

  test('without collectText nothing is kept', () => {
    expect(decode([frame({ content: 'a' })], { collectText: false }).end.text).toBeUndefined()
  })
})

test('continuous usage: tokens per frame, of empty frames behind the first text too', () => {
  const at = (content: string, n: number) =>
    frame({ content }, null, { usage: { prompt_tokens: 1, completion_tokens: n } })
  const { log, end } = decode([
    at('', 0),
    at('', 1),
    at('a', 2),
    at('', 2),
    at('', 3),
    at('b', 4),
    at('cde', 6),
    frame({}, 'stop', { usage: { completion_tokens: 7 } }),
  ])
  expect(log).toEqual(['answer@2 +2', 'blank@4 +1', 'answer@5 +1', 'answer@6 +2'])
  expect(end.usage?.output).toBe(7)
})

describe('encode', () => {
  const options = { model: 'm', stream: true, includeUsage: true }
  const body = (request: object, more: object = {}) =>
    JSON.parse(openaiChat.encode(request, { ...options, ...more }).body) as Record<string, unknown>

  test('only what was asked for is sent', () => {
    expect(body({ messages: [{ role: 'user', content: 'hi' }], maxTokens: 5 })).toEqual({
      model: 'm',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 5,
      messages: [{ role: 'user', content: 'hi' }],
    })
  })

  test('extra wins; usage can be left out or be continuous; no stream options without a stream', () => {
    expect(body({ prompt: 'x', maxTokens: 5, extra: { max_tokens: 7, top_k: 1 } })).toMatchObject({
      max_tokens: 7,
      top_k: 1,
      messages: [{ role: 'user', content: 'x' }],
    })
    expect(body({ prompt: 'x' }, { includeUsage: false })).not.toHaveProperty('stream_options')
    expect(body({ prompt: 'x' }, { stream: false })).not.toHaveProperty('stream_options')
    expect(body({ prompt: 'x' }, { continuousUsage: true })['stream_options']).toEqual({
      include_usage: true,
      continuous_usage_stats: true,
    })
  })

  test('neither messages nor prompt, or a batch, is refused', () => {
    expect(() => body({})).toThrow(/neither messages nor prompt/)
    expect(() => body({ prompt: ['a', 'b'] })).toThrow(/batch of 2/)
  })
})

test('a whole answer', () => {
  const whole = { choices: [{ message: { content: 'hi' }, finish_reason: 'stop' }], usage }
  expect(openaiChat.decodeWhole(JSON.stringify(whole))).toEqual({
    error: undefined,
    usage: { input: 9, output: 12, total: 21, cached: undefined, reasoning: undefined },
    finishReason: 'stop',
    text: 'hi',
    toolCalls: [],
  })
  expect(openaiChat.decodeWhole('{"error":{"message":"no","type":"t"}}').error).toEqual({
    message: 'no',
    type: 't',
  })
  expect(openaiChat.decodeWhole('<html>').error?.type).toBe('not_json')
})

test('property: events that only differ in their text read as the full parse reads them', () => {
  const text = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(' the', '\u4e2d', '', '.\n') },
    fc.constantFrom(
      '\\',
      '"',
      '\\"',
      '"},"logprobs":null,"finish_reason":null}]}',
      '[DONE]',
      '\n\n',
    ),
    fc.string({ maxLength: 5 }),
  )
  const deltas = fc.oneof(
    { weight: 9, arbitrary: text.map((content) => frame({ content })) },
    { weight: 4, arbitrary: text.map((content) => frame({ reasoning: content })) },
    fc.constant(frame({ content: 'x' }, 'stop')),
    fc.constant(frame({ content: 'y' }, null, { usage })),
    fc.constant('[DONE]'),
    // Its text is not closed: malformed, though it ends as the others do.
    fc.constant(JSON.stringify(frame({ content: 'a' })).replace('"a"', '"a\\"')),
  )
  // Two plain events first: from the third on the template is in use.
  const start = [frame({ content: 'a' }), frame({ content: 'b' })]
  fc.assert(
    fc.property(fc.array(fc.array(deltas, { minLength: 1, maxLength: 3 })), (deliveries) => {
      const pieces = [...start.map((one) => [one]), ...deliveries].map((frames) => sseBody(frames))
      const options = { collectText: true }
      const {
        payloadBytes: _,
        reasoningBytes: _r,
        ...quick
      } = decodePieces(openaiChat, pieces, options).end
      const full = decodePieces(openaiChat, pieces, { ...options, fullParse: true })
      const { payloadBytes: __, reasoningBytes: __r, ...expected } = full.end
      expect(quick).toEqual(expected)
      expect(decodePieces(openaiChat, pieces, options).log).toEqual(full.log)
    }),
    { numRuns: 500 },
  )
})
