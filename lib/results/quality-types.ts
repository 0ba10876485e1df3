import type { Figure } from './types.ts'

/** What graders made of the answers. */
export interface QualityReport {
  /** By grader and part of the run, the measured phases first; parts without a graded answer are left out. */
  scores: QualityScore[]
  /** Why answers of the measured phases did not pass, the most frequent first. */
  reasons: { grader: string; reason: string; count: number }[]
  /** Answers that a grader could not judge as it failed itself; in no score. */
  failures: { grader: string; count: number }[]
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
