import { LABELS, counter } from './definers.ts'
import type { MetricDef } from './types.ts'

/** What graders make of answers; only in runs that grade (`GRADED_SHARE`). */
export const QUALITY = [
  counter(
    'llm_graded',
    'requests',
    'Graded answers',
    'grades given to completed answers, one for each answer and grader',
    'grades',
    'none',
    ['grader'],
    'without GRADED_SHARE',
  ),
  counter(
    'llm_graded_passed',
    'requests',
    'Passed answers',
    'grades that passed; / llm_graded of the same grader = share of right answers',
    'grades',
    'higher',
    ['grader'],
    'without GRADED_SHARE',
  ),
  counter(
    'llm_graded_score',
    'none',
    'Sum of scores',
    'sum of the scores (0-1) of graded answers; / llm_graded of the same grader = mean score',
    'grades',
    'higher',
    ['grader'],
    'without GRADED_SHARE',
  ),
  counter(
    'llm_grade_reasons',
    'requests',
    'Why answers did not pass',
    'grades that did not pass, by grader and reason',
    'grades',
    'lower',
    ['grader', 'reason'],
    'every answer passed',
  ),
  counter(
    'llm_grading_failed',
    'requests',
    'Failures of graders',
    'completed answers that a grader could not judge because it failed itself; in no other figure',
    'grades',
    'lower',
    ['grader'],
    'no grader failed',
  ),
  {
    name: 'llm_answer_passed',
    kind: 'rate',
    unit: 'share',
    title: 'Quality',
    formula:
      'share of graded answers that every grader passed. For thresholds: over several pods divide the counters',
    noValue: 'no answer was graded',
    better: 'higher',
    source: 'grades',
    completedOnly: true,
    tags: LABELS,
  },
  {
    name: 'llm_json_valid',
    kind: 'rate',
    unit: 'share',
    title: 'Valid JSON',
    formula:
      'share of graded answers asked for as JSON that are valid and fit their schema, where one was given',
    noValue: 'no answer was graded as JSON',
    better: 'higher',
    source: 'grades',
    completedOnly: true,
    tags: LABELS,
  },
] as const satisfies readonly MetricDef[]

/** Whether a metric exists only in runs that grade. */
export function isOfQuality(name: string): boolean {
  return (QUALITY as readonly MetricDef[]).some((def) => def.name === name)
}
