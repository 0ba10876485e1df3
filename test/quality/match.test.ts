import { describe, expect, it } from 'vitest'
import { GRADERS } from '../../lib/quality/index.ts'
import type { GraderName, GradeReason } from '../../lib/quality/index.ts'
import { reasonOf, said } from './grading.ts'

type Row = readonly [grader: GraderName, answer: string, expected: string, reason: GradeReason]

const rows: readonly Row[] = [
  ['exact', 'tenalp', 'tenalp', 'ok'],
  ['exact', '  tenalp\n', 'tenalp', 'ok'],
  ['exact', 'Tenalp', 'tenalp', 'different'],
  ['exact', 'tenalp.', 'tenalp', 'different'],
  ['exact', '', 'tenalp', 'empty'],

  ['same', 'The Water.', 'water', 'ok'],
  ['same', 'W A T E R', 'water', 'different'],
  ['same', '３．５', '3.5', 'ok'],
  ['same', 'It’s', "it's", 'ok'],
  ['same', '3:25', '325', 'different'],
  ['same', '0.3', '03', 'different'],
  ['same', 'e-mail', 'email', 'different'],
  ['same', '« Paris »', 'paris', 'ok'],
  ['same', 'not water', 'water', 'different'],

  ['contains', 'The ride takes 3:25.', '3:25', 'ok'],
  ['contains', 'The ride takes 13:25.', '3:25', 'different'],
  ['contains', 'Sorted: 1/4, 0.29, 0.3!', '1/4, 0.29, 0.3', 'ok'],
  ['contains', 'Sorted: 0.29, 1/4, 0.3', '1/4, 0.29, 0.3', 'different'],
  ['contains', 'Underwater cables', 'water', 'different'],
  ['contains', '**Water** is heavier.', 'water', 'ok'],
  ['contains', 'It is 610 days.', '61', 'different'],
  ['contains', '東京は日本の首都です。', '東京', 'ok'],
  ['contains', '京都です。', '東京', 'different'],
  ['contains', ' \n', 'water', 'empty'],

  ['f1', 'the cat sat', 'The cat sat.', 'ok'],
  ['f1', 'cat', 'the black cat sat down there today', 'different'],
  ['f1', 'Denver Broncos', 'Denver Broncos', 'ok'],
  ['f1', 'The Denver Broncos won', 'Denver Broncos', 'ok'],
  ['f1', 'no idea', 'Denver Broncos', 'different'],
  ['f1', '', 'Denver', 'empty'],
]

describe('texts', () => {
  it.each(rows)('%s: %j against %j is %s', (grader, answer, expected, reason) => {
    expect(reasonOf(grader, answer, { expected: [expected] })).toBe(reason)
  })

  it('takes one of several right answers', () => {
    for (const grader of ['exact', 'same', 'contains', 'f1'] as const) {
      expect(reasonOf(grader, 'Holland', { expected: ['Netherlands', 'Holland'] })).toBe('ok')
    }
  })

  it('grades nothing without a right answer', () => {
    for (const grader of ['exact', 'same', 'contains', 'f1', 'number', 'choice'] as const) {
      expect(reasonOf(grader, 'Holland', {})).toBe('none')
      expect(reasonOf(grader, 'Holland', { expected: [] })).toBe('none')
    }
  })

  // By SQuAD's evaluate-v1.1.py: f1_score(prediction, ground_truth).
  it.each([
    ['in the middle of the 10th century', '10th century', 4 / 7],
    ['a b c d', 'c d e f', 4 / 7],
    ['Rollo', 'Rollo', 1],
    ['Rollo and Rollo', 'Rollo', 0.5],
    ['10th-century', '10th century', 0],
  ])('gives %j against %j the F1 of SQuAD: %d', (answer, expected, score) => {
    expect(GRADERS.f1(said(answer), { expected: [expected] })?.score).toBeCloseTo(score, 6)
  })

  it.each([
    ['Order 4711 is on its way', String.raw`\b\d{4}\b`, 'ok'],
    ['Order 47 is on its way', String.raw`\b\d{4}\b`, 'different'],
    ['', '.', 'empty'],
    ['a-b', String.raw`a\-b`, 'ok'],
  ])('regex: %j by %s is %s', (answer, pattern, reason) => {
    expect(reasonOf('regex', answer, { pattern })).toBe(reason)
  })
})
