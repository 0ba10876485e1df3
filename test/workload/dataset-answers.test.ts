import { describe, expect, it } from 'vitest'
import { parseDataset, promptsOf, taskOf, type WorkloadConfig } from '../../lib/workload/index.ts'
import { SINGLE_KINDS } from '../../lib/workload/kinds/mix.ts'

function rowOf(fields: object, name = 'a.jsonl') {
  const { rows, problems } = parseDataset(JSON.stringify(fields), name)
  expect(problems).toEqual([])
  return rows[0]!
}
const config: WorkloadConfig = {
  load: { seed: 9 },
  inputTokens: { kind: 'constant', value: 99 },
  outputTokens: { kind: 'constant', value: 77 },
  cache: 'natural',
}
const choices = ['red', 'green', 'blue', 'grey']
const SHOWN =
  'Which?\n\nA. red\nB. green\nC. blue\nD. grey\n\nAnswer with the letter of the right choice.'

describe('right answers as data sets have them', () => {
  it.each<[string, object]>([
    ['MMLU', { question: 'Which?', subject: 's', choices, answer: 2 }],
    ['MMLU by letter', { question: 'Which?', choices, answer: 'C' }],
    ['MMLU as CSV holds it', { question: 'Which?', choices: JSON.stringify(choices), answer: '2' }],
    ['MMLU-Pro', { question: 'Which?', options: choices, answer: 'C', answer_index: 2 }],
    ['columns', { question: 'Which?', A: 'red', B: 'green', C: 'blue', D: 'grey', answer: 'C' }],
    ['lukaemon/mmlu', { input: 'Which?', A: 'red', B: 'green', C: 'blue', D: 'grey', target: 'C' }],
    [
      'ARC',
      {
        question: 'Which?',
        choices: { text: choices, label: ['A', 'B', 'C', 'D'] },
        answerKey: 'C',
      },
    ],
    [
      'ARC with numbers',
      {
        question: 'Which?',
        choices: { text: choices, label: ['1', '2', '3', '4'] },
        answerKey: '3',
      },
    ],
    [
      'MedQA',
      {
        question: 'Which?',
        options: { A: 'red', B: 'green', C: 'blue', D: 'grey' },
        answer_idx: 'C',
      },
    ],
    ['the right text', { question: 'Which?', choices, answer: 'blue' }],
  ])('%s', (_, fields) => {
    const row = rowOf(fields)
    expect(row.messages.at(-1)?.content).toBe(SHOWN)
    expect(row.task).toEqual({ expected: ['C'], kind: 'choice', choices })
  })

  it('GSM8K: the number after ####, without the way to it', () => {
    const answer = '16 - 7 = <<16-7=9>>9 eggs\nThat is $18.\n#### 18'
    expect(rowOf({ question: 'How much?', answer }).task).toEqual({
      expected: ['18'],
      kind: 'number',
    })
  })

  it('HumanEval: the prompt, and nothing that would have to be run', () => {
    const fields = {
      task_id: 'HumanEval/0',
      prompt: 'def f():\n',
      entry_point: 'f',
      canonical_solution: '    return 1\n',
      test: 'assert f() == 1',
    }
    const { id, messages, task } = rowOf(fields)
    expect({ id, messages, task }).toEqual({
      id: 'HumanEval/0',
      messages: [{ role: 'user', content: 'def f():\n' }],
      task: undefined,
    })
  })

  it.each<[string, unknown, readonly string[]]>([
    [
      'SQuAD',
      { text: ['Rollo', 'Rollo', 'the Norse'], answer_start: [1, 1, 9] },
      ['Rollo', 'the Norse'],
    ],
    ['several', ['Holland', 'Netherlands'], ['Holland', 'Netherlands']],
    ['a number', 42, ['42']],
  ])('%s', (_, answers, expected) => {
    expect(rowOf({ question: 'Who?', answers }).task).toEqual({ expected })
  })

  it('MT-Bench in its other form: a list of turns', () => {
    const row = rowOf({ prompt: ['One', 'Two'], reference: ['r1', 'r2'] })
    expect(row.messages).toEqual([{ role: 'user', content: 'One' }])
    expect(row.task).toEqual({ expected: ['r1'] })
  })

  it("this project's own fields", () => {
    const schema = { type: 'object' }
    const calls = [{ name: 'search', arguments: { q: 'x' } }]
    const row = rowOf({
      prompt: 'p',
      grader: 'regex, f1',
      expected_pattern: '^a',
      json_schema: schema,
      expected_calls: calls,
      tool_choice: 'required',
    })
    expect(row.task).toEqual({ graders: ['regex', 'f1'], pattern: '^a', schema, calls })
    expect(row.toolChoice).toBe('required')
    expect(row.responseFormat).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', schema },
    })
  })

  it('asks for what it shows once: converted rows have their choices in the messages', () => {
    const messages = [{ role: 'user', content: SHOWN }]
    const row = rowOf({ messages, choices, expected: 'C' })
    expect(row.messages).toEqual(messages)
    expect(row.task).toEqual({ expected: ['C'], kind: 'choice', choices })
  })

  it.each<[string, object]>([
    ['choices of answers in a log', { prompt: 'p', choices: [{ index: 0 }, { index: 1 }] }],
    ['options of a request', { prompt: 'p', options: { temperature: 0 } }],
    ['a schema of tables', { prompt: 'p', schema: 'CREATE TABLE t (a INT)' }],
  ])('leaves alone %s', (_, fields) => {
    expect(rowOf(fields)).toEqual({ id: '0', messages: [{ role: 'user', content: 'p' }] })
  })

  it.each<[string, object, string]>([
    ['a fifth of four choices', { question: 'q', choices, answer: 'E' }, 'one of 4 choices is "E"'],
    ['a place behind the last', { question: 'q', choices, answer: 4 }, 'one of 4 choices is 4'],
    ['a grader that is no name', { prompt: 'q', grader: 'a b' }, 'grader must be the name'],
    ['a pattern that is no text', { prompt: 'q', expected_pattern: 1 }, 'expected_pattern must be'],
    ['a schema that is none', { prompt: 'q', json_schema: '{' }, 'json_schema must be'],
    ['calls without names', { prompt: 'q', expected_calls: [{}] }, 'expected_calls must be'],
  ])('refuses %s', (_, fields, problem) => {
    expect(parseDataset(JSON.stringify(fields), 'a.jsonl').problems[0]).toContain(problem)
  })
})

describe('what is known of the right answer to a request', () => {
  const request = (fields: object) => promptsOf(config, [rowOf(fields)]).request(0)

  it('comes of the row and of the request', () => {
    expect(taskOf(request({ prompt: 'p', expected: 'x' }))).toEqual({
      whole: true,
      expected: ['x'],
    })
    expect(taskOf(request({ prompt: 'p' }))).toEqual({ whole: false })
    const tools = [{ type: 'function', function: { name: 't' } }]
    expect(taskOf(request({ prompt: 'p', tools }))).toEqual({ whole: false, tools })
    expect(taskOf(request({ prompt: 'p', response_format: { type: 'json_object' } }))).toEqual({
      whole: false,
      json: true,
    })
  })

  it('comes of the kind of workload', () => {
    const structured = SINGLE_KINDS.structured(config).request(0)
    expect(taskOf(structured)).toMatchObject({ whole: false, schema: { type: 'object' } })
    expect(taskOf(SINGLE_KINDS.tools(config).request(0))).toMatchObject({ mustCall: true })
    expect(taskOf(SINGLE_KINDS.chat(config).request(0))).toEqual({ whole: false })
  })
})
