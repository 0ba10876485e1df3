import { NO_TAGS, type AddSample } from './adding.ts'

/** A grader's judgement of one answer, structurally what lib/quality returns. */
interface GradeOfAnswer {
  readonly grader: string
  readonly score: number
  readonly passed: boolean
  readonly reason: string
}

/** Graders whose passes are valid JSON; a test compares them with those of lib/quality. */
export const OF_JSON: readonly string[] = ['json', 'json_schema']

/**
 * Samples of one graded answer.
 * @param grades of each grader that judged it
 * @param broken graders that failed
 */
export function qualitySamples(
  { grades, broken }: { grades: readonly GradeOfAnswer[]; broken: readonly string[] },
  add: AddSample,
): void {
  for (const { grader, score, passed, reason } of grades) {
    const tags = { grader }
    add('llm_graded', 1, tags)
    add('llm_graded_score', score, tags)
    if (passed) add('llm_graded_passed', 1, tags)
    else add('llm_grade_reasons', 1, { grader, reason })
  }
  for (const grader of broken) add('llm_grading_failed', 1, { grader })
  if (grades.length === 0) return
  add('llm_answer_passed', grades.every(({ passed }) => passed) ? 1 : 0, NO_TAGS)
  const json = grades.filter(({ grader }) => OF_JSON.includes(grader))
  if (json.length > 0) {
    add('llm_json_valid', json.every(({ passed }) => passed) ? 1 : 0, NO_TAGS)
  }
}
