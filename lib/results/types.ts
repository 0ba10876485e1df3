import type { Bounds, Graders, IdleRun, PhaseRole, Slo, Window } from '../metrics/index.ts'
import type {
  ClientReport,
  DriftReport,
  EndpointReport,
  GroupReport,
  LengthReport,
  SweepReport,
} from './shape-types.ts'

export type * from './answers-types.ts'
export type * from './pods-types.ts'
export type * from './divergence-types.ts'
export type * from './quality-types.ts'
export type * from './shape-types.ts'
export type * from './certainty-types.ts'
import type { AnswersReport } from './answers-types.ts'
import type {
  CertaintyReport,
  Interval,
  More,
  OverloadReport,
  SteadyReport,
} from './certainty-types.ts'
import type { DivergenceReport } from './divergence-types.ts'
import type { QualityReport } from './quality-types.ts'
import type { PodsInfo, PodsReport } from './pods-types.ts'
import type { ServerReport } from './server-types.ts'

/** A figure; null is "no value", which is shown as `–` and never as 0. */
export type Figure = number | null

export interface RunPhase {
  readonly name: string
  /** ms from the start of the load. */
  readonly startMs: number
  readonly endMs: number
  readonly role: PhaseRole
  readonly measured: boolean
  /** Asked load at both ends, in the plan's unit. */
  readonly from: number
  readonly to: number
  /** Requests due in it, where the schedule was drawn or recorded. */
  readonly due?: number | undefined
  /** Level of a sweep's step. */
  readonly step?: string | undefined
}

/**
 * What a run asks of the server, whoever serves it: equal digests are equal requests, but for the words
 * that make prompts unique to a run.
 */
export interface WorkloadDigest {
  /** When requests are due. */
  schedule: string
  /** How long prompts and answers are to be. */
  lengths: string
  /** What is sent. */
  prompts: string
}

/** What the summary must know about a run besides k6's figures. No secrets. */
export interface RunInfo {
  scenario: string
  testid?: string | undefined
  /** ISO 8601. */
  startedAt?: string | undefined
  k6Version?: string | undefined
  /** Public configuration, as it may be shown. */
  config: Readonly<Record<string, unknown>>
  plan: {
    readonly shape: string
    readonly loop: 'open' | 'closed'
    readonly unit: string
    readonly phases: readonly RunPhase[]
    readonly endMs: number
    readonly drainMs: number
    readonly peak: number
    readonly maxVUs: number
    /** Part of the load that this process played, in k6's notation (`0:1/3`); null: all of it. */
    readonly segment: string | null
  }
  slo: Slo
  /** Confidence of the intervals, 0-1; 0.95 where it is left out. */
  confidence?: number | undefined
  /** Whether a limit that is undecided fails the run. */
  strict?: boolean | undefined
  /** What the run may spend; left out in records of earlier versions. */
  bounds?: Bounds | undefined
  /** Undefined where it is not known, as in records of earlier versions. */
  workload?: WorkloadDigest | undefined
  /** Undefined where no request tells. */
  clock: 'socket' | 'handler' | 'buffered' | undefined
  server?:
    | {
        readonly model?: string | undefined
        readonly server?: string | undefined
        readonly reportsUsage?: boolean | undefined
        readonly reportsCachedTokens?: boolean | undefined
        readonly warnings?: readonly string[] | undefined
      }
    | undefined
  gapSampling: number
  /** Slices on the plan's clock (0 = start of the load); by default `windowsOf(plan.phases)`. */
  windows?: readonly Window[] | undefined
  /** Start of the load on the run's clock, ms: shows how far a run got that ended early. */
  loadStartMs?: number | undefined
  /** True for records without an end, as of a killed process or a cut file: how far it got is not known. */
  noEnd?: boolean | undefined
  /** Set when the run was stopped before its end; says why. */
  aborted?: { readonly where: 'preflight' | 'run'; readonly reason: string } | undefined
  /** Where requests went, with weights; left out with a single endpoint. */
  endpoints?: readonly { readonly name: string; readonly weight: number }[] | undefined
  /** Tags whose values have their own figures: applications of a mix, turns of a conversation. */
  groups?:
    readonly { readonly tag: 'app' | 'turn'; readonly values: readonly string[] }[] | undefined
  /** What answers were graded by; left out where none were. */
  graders?: Graders | undefined
  /** What was asked before the load, to compare answers with; left out where nothing was. */
  idle?: IdleRun | undefined
  /** True when only finished requests are known: neither those cut off by the end nor those never sent. */
  finishedOnly?: boolean | undefined
  /** Requests cut off by the end, according to records, where only finished ones are counted. */
  cutOff?: number | undefined
  /** For a run that was merged from several pods. */
  pods?: PodsInfo | undefined
  /** Number of different prompts; left out where no two are equal. */
  distinctPrompts?: number | undefined
  warnings: readonly string[]
}

export interface TrendStats {
  kind: 'trend'
  count: Figure
  avg: Figure
  min: Figure
  p50: Figure
  p90: Figure
  p95: Figure
  p99: Figure
  max: Figure
}
export type Stats =
  | TrendStats
  | { kind: 'counter'; count: Figure }
  | { kind: 'rate'; rate: Figure; passes: Figure; total: Figure }
  | { kind: 'gauge'; value: Figure; min: Figure; max: Figure }

/** The figures of a stretch of the run: a phase, all measured phases, or the whole run. */
export interface ScopeReport {
  name: string
  measured: boolean
  /** Length that rates are divided by, ms; shorter when the run ended early. */
  lengthMs: number
  /** Mean asked load, in the plan's unit; null for scopes without one. */
  asked: Figure
  started: Figure
  finished: Figure
  completed: Figure
  failed: Figure
  /** Of users who left. */
  cancelled: Figure
  aborted: Figure
  /** Requests started per second. */
  startedPerS: Figure
  completedPerS: Figure
  /** Mean requests in flight, counting those that finished. */
  inFlight: Figure
  /** Tokens of completed requests received within the scope / its length. */
  outputTokensPerS: Figure
  /** Prompt tokens by the servers' usage / length of the scope. */
  inputTokensPerS: Figure
  /** Texts of completed requests / length of the scope; null for what generates. */
  textsPerS: Figure
  /** Tokens of failed requests received within the scope. */
  failedTokens: Figure
  /** The same of cancelled requests. */
  cancelledTokens: Figure
  /** 1000 / median TPOT. */
  tokensPerSPerUser: Figure
  good: Figure
  goodPerS: Figure
  goodShare: Figure
  errorRate: Figure
  /** Share of input tokens that the server read from its prefix cache. */
  cachedShare: Figure
  dropped: Figure
  /** Mean score that a judge gave (see `QualityReport.judge`), 0-1; of `measured` only, where there was one. */
  judgeScore?: Figure | undefined
  /** Every metric of requests by its catalogue name. */
  metrics: Record<string, Stats>
  /** By figure: a statistic of a metric (`llm_ttft.p95`) or a field (`errorRate`). Earlier results lack it. */
  intervals?: Record<string, Interval> | undefined
}

/** Answers of the measured phases whose chunks came in bunches, which hides the times of single tokens. */
export interface BunchReport {
  answers: number
  /** Of the completed requests. */
  share: Figure
  /** Median number of chunks in a bunch of such an answer. */
  chunksEach: Figure
  /** Answers whose first token came with later ones. */
  firstTokenHeld: number
}

/** A bound on what the run spends, over the whole run. */
export interface BoundReport {
  variable: 'MAX_REQUESTS' | 'MAX_OUTPUT_TOKENS_TOTAL' | 'MAX_SPEND'
  limit: number
  used: Figure
  /** Whether the load ended early because of it. */
  ended: boolean
}

export interface OutcomeReport {
  outcome: string
  count: number
  share: Figure
  reasons: {
    reason: string
    count: number
    /** The server's or the engine's own words with one of them, cleaned; only from records. */
    example?: string | undefined
  }[]
}

/** Answers that the server ended for one kind of reason. */
export interface FinishReport {
  finish: string
  count: number
}

/** What an adapter may read of k6's summary itself; `buildReport` takes the whole. */
export interface K6Summary {
  readonly state?: { readonly isStdOutTTY?: boolean }
  readonly setup_data?: unknown
}

export interface SloVerdict {
  id: string
  title: string
  selector: string
  expression: string
  limit: number
  unit: 'ms' | 'share' | 'requests'
  direction: 'at most' | 'at least' | 'more than'
  value: Figure
  samples: Figure
  /**
   * `kept`, `missed`: by the bound of the interval, so certain. `undecided`: the interval reaches over the
   * limit. `unclear`: data missing from the figure, or the client, could reverse the verdict.
   */
  verdict: 'kept' | 'missed' | 'undecided' | 'unclear' | 'no_value'
  /** A limit of this project that the user did not set: it can be missed, but keeping it is no verdict. */
  builtIn: boolean
  /** Why it is unclear; empty otherwise. */
  note: string
  /** Null where the run does not tell; earlier results lack it, and what follows. */
  interval?: Interval | null | undefined
  /** Whether k6's threshold, which decides its exit code, was kept: the value as measured, whatever chance did. */
  thresholdKept?: boolean | null | undefined
  /** What deciding it would take; null unless undecided. */
  more?: More | null | undefined
}

export interface SliceReport {
  slice: string
  phase: string
  startMs: number
  endMs: number
  started: Figure
  completed: Figure
  errorRate: Figure
  cachedShare: Figure
  ttft: TrendStats
  tpot: TrendStats
  itl: TrendStats | null
  e2e: TrendStats | null
  /** Whether the SLO held in the slice; null without evidence. */
  held: boolean | null
}

export interface RecoveryReport {
  status: 'recovered' | 'not_recovered' | 'no_value'
  /** From the end of the spike until the SLO held for good, ms; null unless recovered. */
  timeMs: Figure
  /** How long the load after the spike was observed, and the length of its slices, ms. */
  watchedMs: number
  resolutionMs: number
  note: string
}

export interface SteadinessReport {
  phase: string
  subject: 'TTFT' | 'TPOT' | 'cached share'
  status: 'steady' | 'not_steady' | 'no_value'
  /**
   * How much it moved: over the phase by the Theil-Sen slope, or its first slices against the rest;
   * relative to the median (for the cached share, the difference itself).
   */
  change: Figure
  /** p-value of the Mann-Kendall test over the medians of the slices. */
  p: Figure
  slices: number
  /** Number of first slices that move before the rest is steady; 0 when steady, or moving to the end. */
  moving: number
  advice: string
}

export interface OwnMetric {
  name: string
  type: string
  contains: string
  values: Record<string, number>
}

export interface Report {
  format: 'k6-inference-report'
  version: 1
  verdict: {
    status: 'passed' | 'failed' | 'undecided' | 'unclear' | 'no_limits' | 'no_load'
    headline: string
    reasons: string[]
  }
  run: {
    scenario: string
    testid: string | null
    startedAt: string | null
    durationMs: Figure
    /** Planned length of the load; `total.lengthMs` is how far it got. */
    plannedMs: number
    endedEarly: boolean
    aborted: { where: string; reason: string } | null
  }
  environment: {
    k6Version: string | null
    model: string | null
    server: string | null
    clock: 'socket' | 'handler' | 'buffered' | null
    gapSampling: number
    config: Record<string, unknown>
  }
  load: {
    shape: string
    loop: 'open' | 'closed'
    unit: string
    peak: number
    maxVUs: number
    drainMs: number
    /** Part of the load that this process played, in k6's notation (`0:1/3`); null: all of it. */
    segment: string | null
    /** Null where it is not known; results of earlier versions lack it. */
    workload?: WorkloadDigest | null | undefined
  }
  /** What the intervals of all scopes rest on; results of earlier versions lack it. */
  certainty?: CertaintyReport | undefined
  /** One for each measured phase of constant load that is not overloaded; [] without records, and earlier results lack it. */
  steady?: SteadyReport[] | undefined
  /** Phases in which the queue grew all along; earlier results lack it. */
  overload?: OverloadReport[] | undefined
  /** All measured phases together, the whole run, and each phase. */
  measured: ScopeReport
  total: ScopeReport
  phases: ScopeReport[]
  /** Outcomes over the whole run. */
  outcomes: OutcomeReport[]
  /** Finish reasons over the whole run, by kind. */
  finishes: FinishReport[]
  slo: SloVerdict[]
  droppedIterations: Figure
  /** Started - finished: requests cut off by the end of the run. */
  inFlightAtEnd: Figure
  recovery: RecoveryReport | null
  steadiness: SteadinessReport[]
  slices: SliceReport[]
  client: ClientReport
  /** One for each bound that is set. */
  bounds: BoundReport[]
  /** Null where chunks came one by one. */
  bunches: BunchReport | null
  lengths: LengthReport | null
  sweep: SweepReport | null
  endpoints: EndpointReport[]
  groups: GroupReport[]
  drift: DriftReport | null
  /** Null where no answer was graded; results of earlier versions lack it. */
  quality?: QualityReport | null | undefined
  /** Null where no answers were compared with those before the load; results of earlier versions lack it. */
  divergence?: DivergenceReport | null | undefined
  /** Only where records with kept answers were read. */
  answers?: AnswersReport | undefined
  server: ServerReport | null
  /** Null unless the run was merged from several pods. */
  pods: PodsReport | null
  warnings: { type: string; message: string }[]
  /** The user's own checks, thresholds and metrics, as k6 gives them. */
  own: {
    checks: { group: string; name: string; passes: number; fails: number }[]
    thresholds: { metric: string; expression: string; ok: boolean | null }[]
    metrics: OwnMetric[]
  }
}
