import type { Figure, ScopeReport } from './types.ts'

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

/** A measured phase of constant load in which requests came faster than they were answered, all along. */
export interface OverloadReport {
  phase: string
  /** Requests/s that came, and those of the answers meanwhile, whenever they were asked for. */
  camePerS: number
  answeredPerS: number
}

/** Whether a measured phase of constant load was steady, by its single requests. */
export interface SteadyReport {
  phase: string
  /**
   * `steady`: from its start. `after_start`: once a start-up is left out. `drifts`: at no time, or for less than half of
   * it. `no_value`: too few requests tell.
   */
  status: 'steady' | 'after_start' | 'drifts' | 'no_value'
  /** The latency that was looked at. */
  subject: 'TTFT' | 'E2E'
  /** Where the steady block begins, ms from the start of the load; null where there is none. */
  fromMs: Figure
  /** Requests of the start-up, with such a latency. */
  cut: number
  /** Median of the latency in the start-up, and in the block; of a drift, in the first third and the last. */
  early: Figure
  late: Figure
  /** Figures of the steady block; null where they are those of the phase, or there is none. */
  block: SteadyBlock | null
}

/** What is told of a steady block, as of a scope. */
export type SteadyBlock = Pick<
  ScopeReport,
  | 'name'
  | 'lengthMs'
  | 'completedPerS'
  | 'outputTokensPerS'
  | 'tokensPerSPerUser'
  | 'goodPerS'
  | 'goodShare'
  | 'errorRate'
  | 'metrics'
  | 'intervals'
>
