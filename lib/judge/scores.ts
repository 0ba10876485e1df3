import type { JudgeReport, QualityScore } from '../results/index.ts'
import { wilsonEstimate } from '../statistics/index.ts'
import { addTokens, judgeCost } from './budget.ts'
import { scoreOf } from './rubric.ts'
import type { JudgedFile } from './file.ts'
import type { JudgedLabels, JudgeHead, JudgeOutcome, Judgement } from './types.ts'

/** Name of the judge among the graders. */
export const JUDGE = 'judge'

/** An answer with what the judge said of it. */
export interface JudgedAnswer {
  readonly id: string
  readonly labels: JudgedLabels
  /** By repeat; without those that came to no score. */
  readonly ratings: readonly number[]
  /** Mean of the ratings, 0-1; undefined without one. */
  readonly score: number | undefined
  readonly passed: boolean
  /** What the last request for it came to. */
  readonly outcome: JudgeOutcome
}

/** The answers of a file, each with all that was said of it. */
export function judgedAnswers({ head, latest }: JudgedFile): JudgedAnswer[] {
  if (head === undefined) return []
  const byId = new Map<string, Judgement[]>()
  for (const one of latest.values()) byId.set(one.id, [...(byId.get(one.id) ?? []), one])
  return [...byId].map(([id, own]) => {
    own.sort((a, b) => a.nth - b.nth)
    const ratings = own.flatMap(({ rating }) => rating ?? [])
    const { labels, outcome } = own.at(-1)!
    return { id, labels, ratings, outcome, ...scored(ratings, head) }
  })
}

/** Answer: mean over its ratings; it passes from `pass` on. */
function scored(ratings: readonly number[], { settings: { scale, pass } }: JudgeHead) {
  if (ratings.length === 0) return { score: undefined, passed: false }
  const mean = ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length
  return { score: scoreOf(mean, scale), passed: mean >= pass }
}

/** What the judge said of an answer, as a grader says it. */
export interface JudgeGrade {
  grader: string
  /** 0-1. */
  score: number
  passed: boolean
  /** `ok`, or the rating. */
  reason: string
  /** The judge's own words. */
  where?: string | undefined
}

/** The grade of each answer with a score, by its id: of repeats, with the words on the last. */
export function judgeGrades(file: JudgedFile): Map<string, JudgeGrade> {
  const words = new Map([...file.latest.values()].map(({ id, reason }) => [id, reason]))
  return new Map(
    judgedAnswers(file).flatMap(({ id, ratings, score, passed }) => {
      if (score === undefined) return []
      const reason = passed ? 'ok' : `rated ${ratings.join(' and ')}`
      const where = words.get(id)
      const grade = { grader: JUDGE, score, passed, reason, ...(where && { where }) }
      return [[id, grade] as const]
    }),
  )
}

/**
 * Scores by part of the run, as those of graders: mean over answers with Wilson's interval, which holds the chance of
 * which answers were judged, not what is wrong with the judge.
 */
export function judgeScores(
  answers: readonly JudgedAnswer[],
  phases: readonly string[],
  confidence: number,
): QualityScore[] {
  const some = answers.filter(({ score }) => score !== undefined)
  const valuesOf = (by: 'app' | 'turn' | 'endpoint') =>
    [...new Set(some.flatMap(({ labels }) => labels[by] ?? []).map(String))].map(
      (name) => [by, name] as const,
    )
  // One application says what all measured phases say.
  const parts = (['app', 'turn', 'endpoint'] as const).flatMap((by) =>
    valuesOf(by).length > 1 ? valuesOf(by) : [],
  )
  return [
    scoreFor('measured', 'measured', some, confidence),
    ...[...phases.map((name) => ['phase', name] as const), ...parts].flatMap(([by, name]) => {
      const own = some.filter(({ labels }) => String(labels[by]) === name)
      return own.length === 0 ? [] : [scoreFor(by, name, own, confidence)]
    }),
  ]
}

function scoreFor(
  by: QualityScore['by'],
  name: string,
  answers: readonly JudgedAnswer[],
  confidence: number,
): QualityScore {
  const sum = answers.reduce((all, { score = 0 }) => all + score, 0)
  const { value, low, high } = wilsonEstimate(sum, answers.length, confidence)
  return {
    ...{ by, name, measured: true, grader: JUDGE, graded: answers.length },
    passed: answers.filter(({ passed }) => passed).length,
    ...{ score: value ?? null, low: low ?? null, high: high ?? null, confidence },
  }
}

/** What became of the judge's requests, and what they cost. */
export function judgeReport(
  { head, used }: JudgedFile & { head: JudgeHead },
  answers: readonly JudgedAnswer[],
  confidence: number,
): JudgeReport {
  const { model, api, scale, pass } = head.settings
  const { price } = head
  const some = answers.flatMap(({ score }) => score ?? [])
  const unscored = (outcome: JudgeOutcome) =>
    answers.filter((one) => one.score === undefined && one.outcome === outcome).length
  const mean = some.reduce((sum, score) => sum + score, 0) / some.length
  return {
    ...{ model, api, url: head.url, judgedAt: head.judgedAt, scale, pass, answers: head.answers },
    scored: some.length,
    badFormat: unscored('bad_format'),
    timedOut: unscored('timeout'),
    failed: unscored('error'),
    meanRating: some.length === 0 ? null : scale.from + mean * (scale.to - scale.from),
    requests: used.requests,
    badReplies: used.badReplies,
    inputTokens: used.tokens.input,
    cachedTokens: used.tokens.cached,
    outputTokens: used.tokens.output,
    uncounted: used.uncounted,
    cost: price === null ? null : judgeCost(used.tokens, price),
    costAtMost: price === null ? null : judgeCost(addTokens(used.tokens, used.most), price),
    currency: price?.currency ?? null,
    consistency: consistencyOf(answers, confidence),
  }
}

/** Share of answers with two ratings whose first two are the same. */
function consistencyOf(
  answers: readonly JudgedAnswer[],
  confidence: number,
): JudgeReport['consistency'] {
  const twice = answers.filter(({ ratings }) => ratings.length > 1)
  if (twice.length === 0) return null
  const same = twice.filter(({ ratings: [first, second] }) => first === second).length
  const { value, low, high } = wilsonEstimate(same, twice.length, confidence)
  return {
    answers: twice.length,
    same,
    ...{ share: value ?? null, low: low ?? null, high: high ?? null },
  }
}
