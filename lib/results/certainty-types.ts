import type { Figure } from './types.ts'

/** Where the true figure lies, in the figure's unit; a bound is null where the samples do not tell it. */
export interface Interval {
  low: Figure
  high: Figure
  /** Independent samples that the samples behind the figure are worth; null where that is not known. */
  effectiveSamples: Figure
  /** Samples from which both bounds exist; null where they do, or where no number is known. */
  needs: Figure
}

/** How much more has to be measured, at the pace of the run. */
export interface More {
  samples: number
  ms: Figure
}

/** How certain the figures of a run are said to be, and by what. */
export interface CertaintyReport {
  /** Of each interval, two-sided, 0-1. */
  confidence: number
  /** `records`: every request; `slices`: the figures that k6 keeps of each slice; `none`: neither. */
  source: 'records' | 'slices' | 'none'
  /** Whether a limit that is undecided fails the run. */
  strict: boolean
}
