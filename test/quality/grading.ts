import { GRADERS } from '../../lib/quality/index.ts'
import type { GradedAnswer, GraderName, GradeReason, Task } from '../../lib/quality/index.ts'

/** An answer in words that ended by itself. */
export function said(text: string, more: Partial<GradedAnswer> = {}): GradedAnswer {
  return { text, finish: 'stop', toolCalls: [], ...more }
}

/** What a grader makes of an answer; `none`: it does not grade it. */
export function reasonOf(
  grader: GraderName,
  answer: string | GradedAnswer,
  task: Task,
): GradeReason | 'none' {
  const grade = GRADERS[grader](typeof answer === 'string' ? said(answer) : answer, task)
  return grade === undefined ? 'none' : grade.reason
}
