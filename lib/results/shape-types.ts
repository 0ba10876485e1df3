import type { Interval } from './certainty-types.ts'
import type { Figure } from './types.ts'

/** The client's figures about itself; limits are in `TRUST`. */
export interface ClientReport {
  status: 'trustworthy' | 'degraded' | 'limited' | 'no_value'
  /** What made it less than trustworthy: a machine too slow, or too few VUs; null where nothing did. */
  cause: 'machine' | 'vus' | null
  reasons: string[]
  latenessP99Ms: Figure
  latenessMaxMs: Figure
  timerOvershootP99Ms: Figure
  handlerDelayP99Ms: Figure
  /** Requests that started late: because all VUs were busy, and although a VU was waiting. */
  lateNoVu: number
  lateClient: number
  dropped: Figure
}

export interface LengthReport {
  /** Share of prompts within 2 % or 2 tokens of the wanted length, and the miss in tokens. */
  inputAsWanted: Figure
  inputMissP95: Figure
  outputAsWanted: Figure
  outputWantedMean: Figure
  outputMean: Figure
}

export interface SweepStep {
  level: number
  phase: string
  completedPerS: Figure
  outputTokensPerS: Figure
  inFlight: Figure
  errorRate: Figure
  e2eMeanMs: Figure
  /** Completed requests/s / mean E2E in s. */
  power: Figure
  keepsSlo: boolean | null
}

export interface SweepReport {
  steps: SweepStep[]
  /** Level of greatest power; null when it is at an end of the sweep. */
  knee: Figure
  note: string
  /** Highest level that kept the SLO. */
  bestWithinSlo: Figure
}

export interface EndpointReport {
  endpoint: string
  started: Figure
  share: Figure
  wantedShare: number
  completed: Figure
  errorRate: Figure
  ttftP50Ms: Figure
  ttftP95Ms: Figure
  /** ms from the start of the load; null without an outage. */
  outageFromMs: Figure
  outageMs: Figure
  recovered: boolean | null
  intervals?: GroupIntervals | undefined
}

/** By figure, as `ScopeReport.intervals`; from records alone. */
export type GroupIntervals = Record<string, Interval>

/** One application or turn, over the measured phases. */
export interface GroupReport {
  by: 'app' | 'turn'
  name: string
  started: number
  completed: Figure
  errorRate: Figure
  ttftP50Ms: Figure
  ttftP95Ms: Figure
  tpotP50Ms: Figure
  e2eP50Ms: Figure
  inputTokensMean: Figure
  outputTokensMean: Figure
  cachedShare: Figure
  intervals?: GroupIntervals | undefined
}

export interface DriftReport {
  slicesEach: number
  ttftP50Ms: { first: Figure; last: Figure }
  ttftP95Ms: { first: Figure; last: Figure }
  tpotP50Ms: { first: Figure; last: Figure }
  errorRate: { first: Figure; last: Figure }
}
