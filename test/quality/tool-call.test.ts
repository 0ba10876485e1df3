import { describe, expect, it } from 'vitest'
import { GRADERS } from '../../lib/quality/index.ts'
import type { ExpectedCall, GradeReason } from '../../lib/quality/index.ts'
import { reasonOf, said } from './grading.ts'

const tool = (name: string, parameters: unknown) => ({
  type: 'function',
  function: { name, parameters },
})
const tools = [
  tool('search', {
    type: 'object',
    properties: { customer: { type: 'string' }, limit: { type: 'integer' } },
    required: ['customer'],
  }),
  tool('time', undefined),
]
const call = (name: string, args: string) => ({ name, arguments: args })

type Calls = readonly { name: string; arguments: string }[]

describe('tool calls', () => {
  it.each<[string, Calls, GradeReason]>([
    ['a call that fits', [call('search', '{"customer":"4711"}')], 'ok'],
    ['two calls', [call('search', '{"customer":"4711"}'), call('time', '{}')], 'ok'],
    ['no arguments where none are needed', [call('time', '')], 'ok'],
    ['an unknown tool', [call('find', '{"customer":"4711"}')], 'wrong_tool'],
    ['a name in other letters', [call('Search', '{"customer":"4711"}')], 'wrong_tool'],
    ['arguments that are no JSON', [call('search', '{"customer":"47')], 'bad_arguments'],
    ['arguments that are a list', [call('search', '["4711"]')], 'bad_arguments'],
    ['arguments against the schema', [call('search', '{"customer":4711}')], 'arguments_schema'],
    ['a missing argument', [call('search', '{}')], 'arguments_schema'],
    [
      'one of two that does not fit',
      [call('time', '{}'), call('search', '{}')],
      'arguments_schema',
    ],
    ['none', [], 'no_call'],
  ])('by name and schema: %s', (_, toolCalls, reason) => {
    expect(reasonOf('tool_call', said('', { toolCalls }), { tools, mustCall: true })).toBe(reason)
  })

  it.each<[string, Calls, readonly ExpectedCall[], GradeReason, number]>([
    [
      'the expected call, keys in another order',
      [call('search', '{"limit":5,"customer":"4711"}')],
      [{ name: 'search', arguments: { customer: '4711', limit: 5 } }],
      'ok',
      1,
    ],
    [
      'a number equal by value',
      [call('search', '{"customer":"4711","limit":5.0}')],
      [{ name: 'search', arguments: { customer: '4711', limit: 5 } }],
      'ok',
      1,
    ],
    ['any arguments', [call('search', '{"customer":"1"}')], [{ name: 'search' }], 'ok', 1],
    [
      'another value',
      [call('search', '{"customer":"4712"}')],
      [{ name: 'search', arguments: { customer: '4711' } }],
      'arguments_differ',
      0,
    ],
    [
      'an argument too many',
      [call('search', '{"customer":"4711","limit":5}')],
      [{ name: 'search', arguments: { customer: '4711' } }],
      'arguments_differ',
      0,
    ],
    ['another tool', [call('time', '{}')], [{ name: 'search' }], 'wrong_tool', 0],
    [
      'one call too many',
      [call('search', '{"customer":"1"}'), call('time', '{}')],
      [{ name: 'search' }],
      'call_count',
      0.5,
    ],
    ['one too few', [call('time', '{}')], [{ name: 'time' }, { name: 'time' }], 'call_count', 0.5],
    [
      'two, in another order',
      [call('time', '{}'), call('search', '{"customer":"1"}')],
      [{ name: 'search' }, { name: 'time' }],
      'ok',
      1,
    ],
    ['a call where none is right', [call('time', '{}')], [], 'call_count', 0],
    ['none where none is right', [], [], 'ok', 1],
  ])('by value: %s', (_, toolCalls, calls, reason, score) => {
    const grade = GRADERS.tool_call(said('', { toolCalls }), { tools, calls })
    expect(grade).toMatchObject({ reason, score, passed: reason === 'ok' })
  })

  it.each([
    '<tool_call>\n{"name": "search", "arguments": {"customer": "4711"}}\n</tool_call>',
    '[TOOL_CALLS] [{"name": "search"}]',
    '<function=search>{"customer": "4711"}</function>',
    '{"name": "search", "parameters": {"customer": "4711"}}',
  ])('sees a call that the server did not recognise: %s', (text) => {
    expect(reasonOf('tool_call', text, { tools })).toBe('call_as_text')
  })

  it('lets the model decide whether to call', () => {
    expect(reasonOf('tool_call', 'Hello!', { tools })).toBe('none')
    expect(reasonOf('tool_call', 'Hello!', {})).toBe('none')
  })

  it("reads Anthropic's form of tools", () => {
    const anthropic = [{ name: 'time', input_schema: { type: 'object', required: ['zone'] } }]
    const answer = said('', { toolCalls: [call('time', '{}')] })
    expect(reasonOf('tool_call', answer, { tools: anthropic })).toBe('arguments_schema')
  })
})
