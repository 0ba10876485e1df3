import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  failed,
  fittingGraders,
  gradeAnswer,
  graderNames,
  PASSED,
} from '../../lib/quality/index.ts'
import type { Task } from '../../lib/quality/index.ts'
import { said } from './grading.ts'

describe('which graders fit', () => {
  it.each<[Task, string[]]>([
    [{}, ['degeneration']],
    [{ expected: ['water'] }, ['contains', 'degeneration']],
    [{ expected: ['391'] }, ['number', 'degeneration']],
    [{ expected: ['18'], kind: 'number' }, ['number', 'degeneration']],
    [{ expected: ['C'], kind: 'choice' }, ['choice', 'degeneration']],
    [{ expected: ['a long reference answer that nobody has to repeat'] }, ['degeneration']],
    [{ schema: { type: 'object' } }, ['json_schema', 'degeneration']],
    [{ json: true }, ['json', 'degeneration']],
    [{ pattern: '^a' }, ['regex', 'degeneration']],
    [{ tools: [] }, ['tool_call', 'degeneration']],
    [{ expected: ['x'], graders: ['exact'] }, ['exact']],
  ])('%j: %j', (task, graders) => {
    expect(fittingGraders(task)).toEqual(graders)
  })
})

describe('grading an answer', () => {
  it('gives a grade for each grader', () => {
    const { grades } = gradeAnswer(said('It is water.'), { expected: ['water'] }, undefined)
    expect(grades.map(({ grader, passed }) => [grader, passed])).toEqual([
      ['contains', true],
      ['degeneration', true],
    ])
  })

  it('leaves reasoning in the text out', () => {
    const task = { expected: ['18'], kind: 'number' } as const
    const passed = (text: string) => gradeAnswer(said(text), task, ['number']).grades[0]?.reason
    expect(passed('<think>perhaps 17</think>18')).toBe('ok')
    expect(passed('perhaps 17</think>\n18')).toBe('ok')
    expect(passed('<think>perhaps 18')).toBe('empty')
  })

  it("uses a script's own graders, and says which one threw", () => {
    const own = {
      polite: () => failed('own'),
      broken: () => {
        throw new Error('x')
      },
      silent: () => undefined,
      contains: () => PASSED,
    }
    const { grades, broken } = gradeAnswer(said('no'), { expected: ['yes'] }, undefined, own)
    expect(grades.map(({ grader, reason }) => [grader, reason])).toEqual([
      ['contains', 'ok'],
      ['degeneration', 'ok'],
      ['polite', 'own'],
      ['contains', 'ok'],
    ])
    expect(broken).toEqual(['broken'])
  })

  it('never throws for a task that cannot be judged', () => {
    expect(gradeAnswer(said('x'), { pattern: '(' }, ['regex']).broken).toEqual(['regex'])
    expect(gradeAnswer(said('{}'), { schema: [] }, ['json_schema']).broken).toEqual(['json_schema'])
  })

  it('judges any text by every grader, and gives scores from 0 to 1', () => {
    const task: Task = {
      expected: ['18', 'C'],
      choices: ['red', 'blue', 'grey'],
      pattern: 'a',
      schema: { type: 'object' },
      tools: [],
      calls: [],
      whole: true,
    }
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '1,2',
        '3/0',
        '####',
        '\\\\boxed{',
        '**',
        'answer is',
        '</think>',
        '{"a":',
        'A or',
      ),
    )
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        (text) => {
          const { grades, broken } = gradeAnswer(said(text), task, graderNames())
          expect(broken).toEqual([])
          for (const { score } of grades) expect(score >= 0 && score <= 1).toBe(true)
        },
      ),
      { numRuns: 300 },
    )
  })
})
