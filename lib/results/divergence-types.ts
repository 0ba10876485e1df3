import type { IdleRun } from '../metrics/index.ts'
import type { Figure } from './types.ts'

/** How answers under load differ from those that the idle server gave to the same prompts. */
export interface DivergenceReport {
  idle: Pick<IdleRun, 'prompts' | 'unanswered' | 'unstable' | 'repeated' | 'differed'> & Share
  /** By part of the run, the measured phases first; parts without a compared answer are left out. */
  parts: DivergencePart[]
  confidence: number
}

/** A share with its interval by Wilson's method. */
interface Share {
  share: Figure
  low: Figure
  high: Figure
}

export interface DivergencePart extends Share {
  /** `measured`: all measured phases; of endpoints, the measured phases. */
  by: 'measured' | 'phase' | 'endpoint'
  name: string
  /** False for a phase that is not measured. */
  measured: boolean
  compared: number
  differed: number
  /**
   * Share - that with less load, which is of the idle server and, for a phase, of measured phases that ask for less;
   * with Newcombe's interval. Null where nothing was asked again.
   */
  excess: Figure
  excessLow: Figure
  excessHigh: Figure
  /** Of phases: that load changes answers is proved; of all phases together, wrong with (1 - confidence) / 2 at most. */
  certain: boolean
  /** Median of the first words that differ, from 1. */
  word: Figure
}
