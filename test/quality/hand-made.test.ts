import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gradeAnswer } from '../../lib/quality/index.ts'
import { parseDataset } from '../../lib/workload/index.ts'
import { said } from './grading.ts'

/** An answer by hand to a question of a published set, and whether it is right. */
interface HandMade {
  expected: string
  answer: string
  passed: boolean
  choices?: readonly string[]
}

const read = (name: string): HandMade[] =>
  readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HandMade)

/** Reads a row as the set is published, and grades the answer as it would be under load. */
function isRight(fields: object, answer: string): boolean {
  const { rows, problems } = parseDataset(JSON.stringify(fields), 'a.jsonl')
  expect(problems).toEqual([])
  const { grades, broken } = gradeAnswer(said(answer), rows[0]!.task ?? {}, undefined)
  expect(broken).toEqual([])
  return grades.every(({ passed }) => passed)
}

/** An answer by hand that nothing but degeneration can be told of. */
interface Open {
  answer: string
  passed: boolean
  reason?: string
  finish?: string
  category?: string
}

const open = (name: string) => read(name) as unknown as Open[]

/** Reads a row as the set is published; `ok`, or why an answer does not pass. */
function verdict(fields: object, { answer, finish = 'stop' }: Open): string {
  const { rows, problems } = parseDataset(JSON.stringify(fields), 'a.jsonl')
  expect(problems).toEqual([])
  // Under load a row without a length of its own leaves room for a whole answer.
  const task = { ...rows[0]!.task, whole: true }
  const { grades } = gradeAnswer(said(answer, { finish }), task, undefined)
  expect(grades.map(({ grader }) => grader)).toEqual(['degeneration'])
  return grades[0]!.reason
}

describe('100 answers by hand', () => {
  it.each(read('gsm8k.jsonl'))('GSM8K, $expected: $answer', ({ expected, answer, passed }) => {
    const fields = { question: 'How many?', answer: `By way of 1 + 1 = 2.\n#### ${expected}` }
    expect(isRight(fields, answer)).toBe(passed)
  })

  it.each(read('mmlu.jsonl'))(
    'MMLU, $expected: $answer',
    ({ expected, answer, passed, choices }) => {
      const fields = { question: 'Which?', choices, answer: 'ABCD'.indexOf(expected) }
      expect(isRight(fields, answer)).toBe(passed)
    },
  )

  it.each(open('humaneval.jsonl'))('HumanEval: $answer', (one) => {
    const fields = {
      task_id: 'HumanEval/0',
      prompt: 'def add(a, b):\n    """Adds."""\n',
      entry_point: 'add',
      canonical_solution: '    return a + b\n',
      test: 'assert add(1, 2) == 3',
    }
    expect(verdict(fields, one)).toBe(one.passed ? 'ok' : one.reason)
  })

  it.each(open('mt-bench.jsonl'))('MT-Bench, $category: $answer', (one) => {
    const fields = {
      question_id: 81,
      category: one.category,
      turns: ['Write about a trip to Hawaii.', 'Rewrite it.'],
      reference: ['A long text that many others are as good as, so nobody has to repeat it.'],
    }
    expect(verdict(fields, one)).toBe(one.passed ? 'ok' : one.reason)
  })
})
