import { afterEach, describe, expect, it } from 'vitest'
import { createSession } from '../../lib/exchange/index.ts'
import { protocols } from '../../lib/protocols/index.ts'
import type { GenerationRequest } from '../../lib/protocols/index.ts'
import { GRADERS } from '../../lib/quality/index.ts'
import { createNodeTransport } from '../../cli/ask/transport.ts'
import { instanceOf } from '../../simulator/instance.ts'
import { drawFaults } from '../../simulator/fault-set.ts'
import { startSimulator } from '../../simulator/index.ts'
import type { Simulator, SimulatorSettings } from '../../simulator/index.ts'
import { said } from '../quality/grading.ts'

let sim: Simulator | undefined
afterEach(() => sim?.close())

const answers = [
  { question: 'What is 17 times 23?', answer: '17 * 20 = 340.\n#### 391' },
  { question: 'Which planet is red?', answer: 'Mars' },
]

async function ask(settings: SimulatorSettings, request: GenerationRequest, api = 'chat') {
  sim = await startSimulator({ ttftMs: 1, tpotMs: 0.2, answers, ...settings })
  const session = createSession({
    transport: createNodeTransport(),
    target: { host: '127.0.0.1', port: sim.port, tls: false },
    basePath: '/v1',
    protocol: protocols[api]!,
    encode: { model: 'sim-model', stream: true, includeUsage: true },
    headers: {},
  })
  const ms = 20_000
  const result = await session.request({
    request,
    dueMs: undefined,
    startMs: 0,
    deadlines: { connectMs: ms, firstTokenMs: ms, idleMs: ms, wholeMs: ms },
    collectText: true,
  })
  session.close()
  expect(result.outcome).toBe('completed')
  return { result, fault: sim.records()[0]?.fault }
}
const prompt = (text: string): GenerationRequest => ({
  messages: [{ role: 'user', content: text }],
  maxTokens: 64,
})
const schema = {
  type: 'object',
  properties: {
    title: { type: 'string', minLength: 3 },
    kind: { enum: ['a', 'b'] },
    tags: { type: 'array', items: { $ref: '#/$defs/tag' }, minItems: 2 },
    size: { type: 'integer', minimum: 7 },
    open: { type: 'boolean' },
    more: { anyOf: [{ type: 'null' }, { type: 'string' }] },
  },
  required: ['title', 'kind', 'tags', 'size', 'open', 'more'],
  additionalProperties: false,
  $defs: { tag: { type: 'string' } },
}
const asJson = (maxTokens: number): GenerationRequest => ({
  ...prompt('Give facts.'),
  maxTokens,
  responseFormat: { type: 'json_schema', json_schema: { name: 'facts', schema } },
})

describe('a server that knows right answers', () => {
  it('gives them to prompts that hold the question', async () => {
    const { result } = await ask({}, prompt('Hello there.\n\nWhat is 17 times 23?'))
    expect(result.text).toBe('17 * 20 = 340.\n#### 391')
    expect(result.finish).toBe('stop')
  })

  it('gives wrong ones on request, and knows it', async () => {
    const faults = [{ fault: 'wrong', probability: 1 }]
    const { result, fault } = await ask({ faults }, prompt('What is 17 times 23?'))
    expect(result.text).toBe('Mars')
    expect(fault).toBe('wrong=0')
  })

  it.each([8, 40, 200])('gives JSON of a schema in %d tokens', async (maxTokens) => {
    const { result } = await ask(
      { outputTokens: { kind: 'constant', value: 500 } },
      asJson(maxTokens),
    )
    expect(result.outputTokens).toBe(maxTokens)
    expect(GRADERS.json_schema(said(result.text ?? ''), { schema })).toMatchObject({ passed: true })
  })

  it('breaks it on request', async () => {
    const { result } = await ask({ faults: [{ fault: 'broken-json', probability: 1 }] }, asJson(40))
    const grade = GRADERS.json_schema(said(result.text ?? ''), { schema })
    expect(grade).toMatchObject({ reason: 'not_json' })
  })

  it('calls tools with arguments that fit', async () => {
    const tools = [{ type: 'function', function: { name: 'facts', parameters: schema } }]
    const { result } = await ask({}, { ...prompt('Call.'), tools })
    const answer = said('', { toolCalls: result.toolCalls ?? [] })
    expect(GRADERS.tool_call(answer, { tools, mustCall: true })).toMatchObject({ passed: true })
  })

  it.each([
    ['garbled', 'garbled'],
    ['loop', 'loop'],
  ])('%s is seen as %s', async (fault, reason) => {
    const { result } = await ask({ faults: [{ fault, probability: 1 }] }, prompt('Tell me.'))
    expect(GRADERS.degeneration(said(result.text ?? ''), {})).toMatchObject({ reason })
  })
})

it('makes a value of a schema that refers to itself', () => {
  const tree = { type: 'object', properties: { child: { $ref: '#' } } }
  expect(JSON.stringify(instanceOf(tree)).length).toBeLessThan(200)
})

it('strikes by what is in flight, and from a time on', () => {
  const drawn = (rule: object, moment: { inFlight: number; elapsedMs: number }) =>
    Object.keys(drawFaults([{ fault: 'garbled', probability: 1, ...rule }], 1, 1, 'chat', moment))
  expect(drawn({ above: 8 }, { inFlight: 8, elapsedMs: 0 })).toEqual([])
  expect(drawn({ above: 8 }, { inFlight: 9, elapsedMs: 0 })).toEqual(['garbled'])
  expect(drawn({ afterMs: 500 }, { inFlight: 1, elapsedMs: 499 })).toEqual([])
  expect(drawn({ afterMs: 500 }, { inFlight: 1, elapsedMs: 500 })).toEqual(['garbled'])
})
