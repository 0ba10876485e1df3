import type { AnswersReport, Report, Review } from '../results/index.ts'
import type { Tail } from './detail-types.ts'
import { latestReviews } from './reviews.ts'
import type { Run } from './types.ts'

/** A report with the kept answers that are worth reading, by their ids. */
export function withAnswers(report: Report, tail: Tail | undefined): Report {
  if (tail === undefined) return report
  return { ...report, answers: { kept: tail.kept, lists: tail.lists, reviews: [] } }
}

/** A run with what people made of its answers; of an answer the latest mark counts. */
export function withReviews(run: Run, reviews: readonly Review[]): Run {
  return withPart(run, { reviews: latestReviews(reviews) })
}

/** A run with the texts of the answers in its report, which are in no other output than its page. */
export function withTexts(run: Run): Run {
  const answers = run.detail?.tail?.answers ?? []
  return withPart(run, {
    texts: answers.map(({ texts: { v: _v, record: _record, ...own } }) => own),
  })
}

function withPart(run: Run, part: Partial<AnswersReport>): Run {
  const { answers } = run.report
  if (answers === undefined) return run
  return { ...run, report: { ...run.report, answers: { ...answers, ...part } } }
}
