import type { Reading } from './reading.ts'

/** Answers that are to be compared with those of an idle server need one, and answers that can be the same. */
export function comparedAnswers({ values, given, shape, problem, warn }: Reading): void {
  const { COMPARED_SHARE: compared = 0, API: api, TEMPERATURE: temperature } = values
  if (compared === 0) {
    if (values.SLO_DIVERGENCE !== undefined) {
      const accepted = 'a share above 0, such as 20%'
      problem('COMPARED_SHARE', 'no answer is compared, which SLO_DIVERGENCE needs', accepted)
    }
    for (const name of ['IDLE_PROMPTS', 'IDLE_ANSWERS'] as const) {
      if (given.has(name)) warn(name, `${name} has no effect without COMPARED_SHARE`)
    }
    return
  }
  if (api === 'embeddings') {
    problem('COMPARED_SHARE', 'embeddings are no answers that could be compared', '0')
  } else if (temperature !== 0) {
    problem('TEMPERATURE', 'COMPARED_SHARE needs answers that are not drawn', '0')
  }
  if (shape === 'cold-start') {
    problem('COMPARED_SHARE', 'the answers before the load would wake the model', '0')
  }
}

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

/** Kept answers are records, and answers. */
export function keptAnswers({ values, given, problem, warn }: Reading): void {
  const { KEEP_ANSWERS: kept = 0, RECORDS: records, API: api } = values
  if (given.has('REDACT') && kept === 0 && records !== 'text' && records !== 'all') {
    warn('REDACT', 'REDACT has no effect: no text is kept without KEEP_ANSWERS or RECORDS=text')
  }
  if (kept === 0) return
  if (api === 'embeddings') {
    problem('KEEP_ANSWERS', 'embeddings are no answers that could be kept', '0')
  }
  if (records === 'off') {
    problem('RECORDS', 'KEEP_ANSWERS keeps answers in the records', 'on, gaps, text, all')
  }
}
