import { describe, expect, it } from 'vitest'
import {
  CATALOGUE,
  isOfQuality,
  OF_JSON,
  qualitySamples,
  thresholdsFor,
} from '../../lib/metrics/index.ts'
import { GRADERS, graderNames } from '../../lib/quality/index.ts'

type Grades = Parameters<typeof qualitySamples>[0]['grades']

function samplesOf(grades: Grades, broken: readonly string[] = []): string[] {
  const found: string[] = []
  qualitySamples({ grades, broken }, (metric, value, tags) =>
    found.push(`${metric}${JSON.stringify(tags)} ${value}`),
  )
  return found
}
const grade = (grader: string, score: number, passed: boolean, reason = 'ok') => ({
  grader,
  score,
  passed,
  reason,
})

describe('samples of a graded answer', () => {
  it('are one of each count by grader, and one of the answer', () => {
    expect(samplesOf([grade('f1', 0.75, true), grade('degeneration', 0, false, 'loop')])).toEqual([
      'llm_graded{"grader":"f1"} 1',
      'llm_graded_score{"grader":"f1"} 0.75',
      'llm_graded_passed{"grader":"f1"} 1',
      'llm_graded{"grader":"degeneration"} 1',
      'llm_graded_score{"grader":"degeneration"} 0',
      'llm_grade_reasons{"grader":"degeneration","reason":"loop"} 1',
      'llm_answer_passed{} 0',
    ])
  })

  it('count JSON apart', () => {
    expect(samplesOf([grade('json_schema', 1, true)])).toContain('llm_json_valid{} 1')
    expect(samplesOf([grade('json', 0, false, 'fenced')])).toContain('llm_json_valid{} 0')
    expect(samplesOf([grade('number', 1, true)]).join()).not.toContain('json')
  })

  it('are none of an answer that no grader could judge', () => {
    expect(samplesOf([], ['regex'])).toEqual(['llm_grading_failed{"grader":"regex"} 1'])
    expect(samplesOf([])).toEqual([])
  })

  it('know which graders are of JSON', () => {
    expect(OF_JSON.every((name) => graderNames().includes(name))).toBe(true)
    expect(Object.keys(GRADERS).filter((name) => name.includes('json'))).toEqual(OF_JSON)
  })
})

it('registers figures of quality only in runs that grade', () => {
  const slo = { errorRate: 0.01 }
  const phases = [{ name: 'steady', measured: true }]
  const of = (graders?: { names: string[]; reasons: string[] }) =>
    Object.keys(thresholdsFor({ phases, slices: [], slo, graders }))
  const quality = CATALOGUE.filter(({ name }) => isOfQuality(name)).map(({ name }) => name)
  expect(quality).toHaveLength(7)
  expect(of().filter((key) => quality.some((name) => key.startsWith(name)))).toEqual([])
  expect(of({ names: ['number'], reasons: ['wrong'] })).toEqual(
    expect.arrayContaining([
      'llm_graded_score{grader:number,phase:steady}',
      'llm_grade_reasons{grader:number,measured:true,reason:wrong}',
      'llm_answer_passed{phase:steady}',
    ]),
  )
})
