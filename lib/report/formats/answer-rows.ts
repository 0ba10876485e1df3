import { count } from '../../tables/index.ts'
import type { AnswerListName, Report, ReviewMark } from '../../results/index.ts'

/** What lists of answers are called. */
export const LIST_TITLES: Record<AnswerListName, string> = {
  not_passed: 'not passed',
  failed: 'failed',
  slowest_ttft: 'slowest by TTFT',
  slowest_e2e: 'slowest by E2E',
}

/** What marks of reviewers are called. */
export const MARK_TITLES: Record<ReviewMark, string> = {
  reviewed: 'rightly graded',
  wrong_grade: 'wrong grade',
  bad_answer: 'bad answer',
}

const SHOWN_IDS = 5

/** The kept answers that are worth reading, by the ids of their requests, as rows of a label and a text. */
export function answerRows({ answers }: Report): [string, string][] {
  if (answers === undefined) return []
  const { kept, lists, reviews } = answers
  const rows = lists
    .filter(({ ids }) => ids.length > 0)
    .map(({ list, count: of, ids }): [string, string] => {
      const more = ids.length > SHOWN_IDS ? ', …' : ''
      // Every completed answer has a time.
      const number = list === 'not_passed' || list === 'failed' ? `${count(of)}: ` : ''
      return [`kept: ${LIST_TITLES[list]}`, `${number}${ids.slice(0, SHOWN_IDS).join(', ')}${more}`]
    })
  const marks = Object.entries(MARK_TITLES).flatMap(([mark, title]) => {
    const of = reviews.filter((review) => review.mark === mark).length
    return of === 0 ? [] : [`${title} ${count(of)}`]
  })
  return [
    ['kept answers', `${count(kept)} of measured phases`],
    ...rows,
    ...(marks.length === 0 ? [] : [['kept: reviews', marks.join(', ')] as [string, string]]),
  ]
}
