import { expect, it } from 'vitest'
import type { GradeReason } from '../../lib/quality/index.ts'
import { reasonOf } from './grading.ts'

const choices = ['Paris', 'New York', 'York', 'the Moon']

it.each<[string, string, GradeReason]>([
  ['C', 'C', 'ok'],
  ['c', 'C', 'ok'],
  ['(C)', 'C', 'ok'],
  ['C.', 'C', 'ok'],
  ['C. York', 'C', 'ok'],
  ['**C**', 'C', 'ok'],
  ['C) York', 'C', 'ok'],
  ['C: York', 'C', 'ok'],
  ['The answer is C.', 'C', 'ok'],
  ['The answer is (C) York.', 'C', 'ok'],
  ['The correct answer is **C. York**', 'C', 'ok'],
  ['Answer: C', 'C', 'ok'],
  ['answer: c', 'C', 'ok'],
  ['The correct option is C', 'C', 'ok'],
  ['\\boxed{C}', 'C', 'ok'],
  ['$\\boxed{\\text{C}}$', 'C', 'ok'],
  ['A is too far, B is a city in America.\n\nAnswer: C', 'C', 'ok'],
  ['Let me think. The answer is A. No, the answer is C.', 'C', 'ok'],
  ['I would choose (C).', 'C', 'ok'],
  ['A long walk shows that it is York.', 'C', 'ok'],
  ['It is New York.', 'B', 'ok'],
  ['York', 'C', 'ok'],
  ['C is correct because it is old.', 'C', 'ok'],
  ['Thinking…\nC\n', 'C', 'ok'],
  ['D', 'C', 'wrong'],
  ['The answer is D.', 'C', 'wrong'],
  ['A city that is old: the Moon.', 'C', 'wrong'],
  ['The answer is A or C.', 'C', 'ambiguous'],
  ['(A) and (C)', 'C', 'ambiguous'],
  ['Either Paris or York.', 'C', 'ambiguous'],
  ['I do not know.', 'C', 'no_answer'],
  ['A difficult question!', 'C', 'no_answer'],
  ['E', 'C', 'no_answer'],
  ['The answer is a matter of taste.', 'C', 'no_answer'],
  ['', 'C', 'empty'],
])('%j, expected %s: %s', (answer, expected, reason) => {
  expect(reasonOf('choice', answer, { expected: [expected], choices })).toBe(reason)
})

it('knows as many letters as there are choices', () => {
  const ten = Array.from({ length: 10 }, (_, i) => `number ${i}`)
  expect(reasonOf('choice', 'The answer is J.', { expected: ['J'], choices: ten })).toBe('ok')
  expect(reasonOf('choice', 'The answer is J.', { expected: ['A'], choices })).toBe('no_answer')
  expect(reasonOf('choice', 'I think it is (B).', { expected: ['B'], choices: ten })).toBe('ok')
})
