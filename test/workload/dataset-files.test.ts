import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDataset } from '../../lib/workload/index.ts'

function rowsOf(name: string) {
  const text = readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
  const { rows, problems } = parseDataset(text, name)
  expect(problems).toEqual([])
  return rows
}
function rowOf(fields: object) {
  const { rows, problems } = parseDataset(JSON.stringify(fields), 'a.jsonl')
  expect(problems).toEqual([])
  return rows[0]
}
const user = (content: string) => ({ role: 'user', content })

describe('data sets as people have them', () => {
  it('d05_finetune.jsonl: the answer at the end is expected, and not sent', () => {
    expect(rowsOf('d05_finetune.jsonl')[1]).toEqual({
      id: '1',
      messages: [{ role: 'system', content: 'You are terse.' }, user('Q1?')],
      task: { expected: ['The gold answer 1.'] },
    })
  })

  it.each([
    ['d08_lmsys.jsonl', 'Hi 0'],
    ['d08b_wildchat.jsonl', 'Hi there'],
  ])('%s: role and content alone leave the machine', (name, content) => {
    const [row] = rowsOf(name)
    expect(row?.messages).toEqual([user(content)])
    expect(row?.task).toEqual({ expected: ['Answer'] })
    expect(row?.app).toBeUndefined()
  })

  it('d10_alpaca.jsonl: instruction and input', () => {
    expect(rowsOf('d10_alpaca.jsonl')[0]).toEqual({
      id: '0',
      messages: [user('Identify the odd one out 0.\n\nAlpha, Beta, Gamma-0')],
      task: { expected: ['Gamma'] },
    })
  })

  it('d02_sharegpt.json: an array of conversations', () => {
    expect(rowsOf('d02_sharegpt.json')).toEqual([
      { id: 'a', messages: [user('Hello')], task: { expected: ['Hi'] } },
    ])
  })

  it.each(['d11_bom_semicolon.csv', 'd11b_bom_comma.csv'])('%s', (name) => {
    expect(rowsOf(name)).toEqual([
      { id: '0', messages: [user('Hello one')], maxTokens: 5 },
      { id: '1', messages: [user('Hello two')], maxTokens: 6 },
    ])
  })

  it.each<[string, object, object]>([
    [
      'Dolly: context in front of the question, its category no app',
      { instruction: 'Who?', context: 'Ann did.', response: 'Ann', category: 'closed_qa' },
      { messages: [user('Ann did.\n\nWho?')], task: { expected: ['Ann'] } },
    ],
    [
      'RAG: several contexts',
      { question: 'Who?', contexts: ['A.', 'B.'] },
      { messages: [user('A.\n\nB.\n\nWho?')] },
    ],
    [
      'OpenAI batch',
      {
        custom_id: 'c7',
        url: '/v1/chat/completions',
        body: { messages: [user('x')], max_tokens: 9 },
      },
      { id: 'c7', messages: [user('x')], maxTokens: 9 },
    ],
    [
      'MT-Bench: the first turn, the first reference',
      { question_id: 81, category: 'writing', turns: ['One', 'Two'], reference: ['r1', 'r2'] },
      { id: '81', messages: [user('One')], task: { expected: ['r1'] } },
    ],
    [
      'text parts and a developer',
      {
        messages: [
          { role: 'developer', content: 'Be short.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'a' },
              { type: 'text', text: 'b' },
            ],
          },
        ],
      },
      { messages: [{ role: 'system', content: 'Be short.' }, user('a\nb')] },
    ],
    ['a prompt of messages', { prompt: [user('p')] }, { messages: [user('p')] }],
    [
      'calls of tools, with nothing else of their messages',
      {
        messages: [
          { ...user('w?'), name: 'ann', ip: '1' },
          { role: 'assistant', content: null, tool_calls: [{ id: '1' }], cost: 3 },
          { role: 'tool', tool_call_id: '1', content: 'rain', host: 'h' },
        ],
        tools: [{ type: 'function' }],
      },
      {
        messages: [
          user('w?'),
          { role: 'assistant', content: '', tool_calls: [{ id: '1' }] },
          { role: 'tool', tool_call_id: '1', content: 'rain' },
        ],
        tools: [{ type: 'function' }],
      },
    ],
  ])('%s', (_, fields, row) => {
    expect(rowOf(fields)).toEqual({ id: '0', ...row })
  })

  it.each<[string, object, string]>([
    [
      'an image',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
      'messages[0].content has a part of type "image_url"; accepted: text',
    ],
    ['answers only', { messages: [{ role: 'assistant', content: 'a' }] }, 'nothing to ask'],
    ['a context that is no text', { question: 'q', context: { title: [] } }, 'context must be'],
    ['an input that is no text', { instruction: 'q', input: { a: 1 } }, 'input must be a text'],
  ])('refuses %s with its line', (_, fields, problem) => {
    const { problems } = parseDataset(`{"prompt":"a"}\n${JSON.stringify(fields)}`, 'a.jsonl')
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^a.jsonl line 2: /)
    expect(problems[0]).toContain(problem)
  })

  it('reads an array on one line that no line splitter would hold', () => {
    const row = JSON.stringify({ prompt: `a "quoted" \\ [{ ${'x'.repeat(1e5)}` })
    const { rows, problems } = parseDataset(`[${Array(200).fill(row).join(',')}]`, 'a.json')
    expect(problems).toEqual([])
    expect(rows).toHaveLength(200)
  })
})
