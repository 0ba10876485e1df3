/** Kept answers (KEEP_ANSWERS) that are worth reading, by the ids of their requests. */
export interface AnswersReport {
  /** Answers of measured phases that were kept: all that follows is of these. */
  kept: number
  lists: AnswerList[]
  /** What people made of the answers, by the files of reviews beside the run. */
  reviews: Review[]
  /** Of the answers in the lists; only where they are asked for (`report --texts`). */
  texts?: AnswerTexts[] | undefined
}

/** Why an answer is worth reading. */
export const ANSWER_LISTS = ['not_passed', 'failed', 'slowest_ttft', 'slowest_e2e'] as const

export type AnswerListName = (typeof ANSWER_LISTS)[number]

export interface AnswerList {
  /** `not_passed`: by a grader, the lowest mean score first; `failed`: the request; else completed ones. */
  list: AnswerListName
  /** Number of such answers, of which at most 20 are in the list. */
  count: number
  ids: string[]
}

/** What a person can make of an answer and its grade. */
export const REVIEW_MARKS = ['reviewed', 'wrong_grade', 'bad_answer'] as const

export type ReviewMark = (typeof REVIEW_MARKS)[number]

export interface Review {
  id: string
  /** `reviewed`: rightly graded. `bad_answer`: whatever the graders say. */
  mark: ReviewMark
  /** When it was given, ISO 8601. */
  at: string
}

/** The texts of a request, as its record has them. */
export interface AnswerTexts {
  id: string
  prompt: string
  /** Characters left out of its middle. */
  promptCut?: number | undefined
  answer: string
  answerCut?: number | undefined
  toolCalls?: { name: string; arguments: string }[] | undefined
  expected?: string[] | undefined
}
