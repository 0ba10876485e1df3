import type { Reading } from './reading.ts'

/** Limits on the quality of answers, and what grades them, need answers that are graded. */
export function gradedAnswers({ values, given, problem, warn }: Reading): void {
  const { GRADED_SHARE: graded = 0, API: api } = values
  if (graded > 0) {
    if (api !== 'embeddings') return
    return problem('GRADED_SHARE', 'embeddings are no answers that could be graded', '0')
  }
  for (const name of ['SLO_QUALITY', 'SLO_VALID_JSON'] as const) {
    if (values[name] === undefined) continue
    const accepted = 'a share above 0, such as 10%'
    problem('GRADED_SHARE', `no answer is graded, which ${name} needs`, accepted)
  }
  if (given.has('GRADER')) warn('GRADER', 'GRADER has no effect without GRADED_SHARE')
}
