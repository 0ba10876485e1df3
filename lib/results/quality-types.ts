import type { Figure } from './types.ts'

/** What graders made of the answers. */
export interface QualityReport {
  /** By grader and part of the run, the measured phases first; parts without a graded answer are left out. */
  scores: QualityScore[]
  /** Why answers of the measured phases did not pass, the most frequent first. */
  reasons: { grader: string; reason: string; count: number }[]
  /** Answers that a grader could not judge as it failed itself; in no score. */
  failures: { grader: string; count: number }[]
  /** The language model that graded answers after the run, whose scores are those of the grader `judge`. */
  judge?: JudgeReport | undefined
}

/** A language model as judge: what it said is among the scores, here is what became of its requests. */
export interface JudgeReport {
  model: string
  api: string
  url: string
  /** ISO 8601: its last session. */
  judgedAt: string
  /** Ratings are whole numbers from `from` to `to`. A score is (rating - from) / (to - from). */
  scale: { from: number; to: number }
  /** Rating from which on an answer passes. */
  pass: number
  /** Kept answers of the measured phases. */
  answers: number
  /** Of these, by what their last request came to: a score, or none. The rest was not asked for. */
  scored: number
  badFormat: number
  timedOut: number
  failed: number
  /** Mean on the scale, over answers. */
  meanRating: Figure
  /** All requests to the judge, those sent again included. */
  requests: number
  /** Replies that were not in the format; each is asked for once more. */
  badReplies: number
  /** As the judge's server counts them. */
  inputTokens: number
  cachedTokens: number
  outputTokens: number
  /** Requests that may have been charged, but whose tokens are not known. */
  uncounted: number
  /** What the counted tokens cost, and with those not known at their most; null without prices. */
  cost: Figure
  costAtMost: Figure
  currency: string | null
  /** Of answers that were judged several times: how many got the same rating twice; null without such. */
  consistency: { answers: number; same: number; share: Figure; low: Figure; high: Figure } | null
}

export interface QualityScore {
  /** `measured`: all measured phases; of parts, the measured phases but for `phase`. */
  by: 'measured' | 'phase' | 'app' | 'turn' | 'endpoint'
  /** Name of the phase, application, turn or endpoint; `measured` for all. */
  name: string
  /** False for a phase that is not measured. */
  measured: boolean
  /** `all`: passed is what every grader passed that judged it. */
  grader: string
  graded: number
  passed: number
  /** Mean score, 0-1; of `all` the share that passed. */
  score: Figure
  /** Its interval by Wilson's method, and how often such intervals hold the true value. */
  low: Figure
  high: Figure
  confidence: number
}
