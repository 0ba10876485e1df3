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
})
