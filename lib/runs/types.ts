import type { Timings } from '../exchange/index.ts'
import type { ServerRecord } from '../records/index.ts'
import type { Report, RunInfo, WorkloadDigest } from '../results/index.ts'
import type { Detail } from './detail-types.ts'

/** The stretch covered by measured figures: the measured phases, as far as the run got. */
export interface MeasuredWindow {
  /** Measured phases in order, ms from the start of the load; none has length 0. */
  readonly spans: readonly WindowSpan[]
  /** Sum of the spans, ms: what rates are divided by. */
  readonly lengthMs: number
  /** The same as planned; undefined where there are only results, and the run ended early. */
  readonly plannedMs: number | undefined
  readonly endedEarly: boolean
}

export interface WindowSpan {
  readonly phase: string
  readonly startMs: number
  readonly endMs: number
}

/**
 * One request, from its record. Times in ms from the start of the load. Whether it belongs to the
 * measured window is its own label, fixed at its start, and never a comparison of times.
 */
export interface RequestSample {
  readonly id: string
  /** When it was due, or else when it started; orders the requests. */
  readonly atMs: number
  readonly startMs: number
  readonly endMs: number
  readonly phase: string
  readonly measured: boolean
  readonly app: string
  readonly model: string
  readonly endpoint: string | undefined
  readonly step: string | undefined
  readonly turn: number | undefined
  /** Equal ids mean equal prompts; undefined where prompts have no names. */
  readonly promptId: string | undefined
  /** `aborted`: given up by the client, neither completed nor failed. */
  readonly outcome: OutcomeKind
  /** Whether it kept every limit; undefined without limits. */
  readonly good: boolean | undefined
  /** Whether every grader passed its answer; undefined where it was not graded. */
  readonly passed: boolean | undefined
  /** What each grader said of its answer; undefined where it was not graded. */
  readonly grades: readonly { readonly grader: string; readonly passed: boolean }[] | undefined
  /** Score that a judge gave its answer after the run, 0-1; undefined where it gave none. */
  readonly judgeScore?: number | undefined
  /** Whether its answer differs from that of the idle server; undefined where it was not compared. */
  readonly diverged: boolean | undefined
  readonly inputTokens: number | undefined
  readonly cachedTokens: number | undefined
  /** As the server counts them, else the number of content chunks; partial where it failed. */
  readonly outputTokens: number
  /** Those received within the measured window, whenever the request began or ended. */
  readonly measuredTokens: number
  /**
   * What was asked independently of the server; undefined where the due time was not set before the run,
   * or no length was asked for.
   */
  readonly asked: { inputTokens: number | undefined; outputTokens: number } | undefined
  readonly firstTokenMs: number | undefined
  readonly lastTokenMs: number | undefined
  /** By the formulas of `timingsOf`; a request that did not complete has no latency. */
  readonly timings: Readonly<Partial<Timings>>
}

export type OutcomeKind = 'completed' | 'failed' | 'aborted'

/** What must be alike for two runs to be compared. Undefined: not known, and not judged. */
export interface RunConditions {
  readonly scenario?: string | undefined
  readonly model?: string | undefined
  /** `steady`, `ramp`, …; with loop, unit and the mean asked load of the measured phases. */
  readonly shape?: string | undefined
  readonly loop?: string | undefined
  readonly unit?: string | undefined
  readonly asked?: number | undefined
  readonly seed?: number | undefined
  /** As configured: `256`, `lognormal(200,0.5)`. */
  readonly inputTokens?: string | undefined
  readonly outputTokens?: string | undefined
  readonly workload?: WorkloadDigest | undefined
  readonly clock?: string | undefined
  readonly api?: string | undefined
  /** Why the client, not the server, may have set the figures; [] when there is no reason. */
  readonly clientLimits: readonly string[]
}

/** One run, whatever files it was read from: results, records, both, or those of several pods. */
export interface Run {
  /** What the output calls it, e.g. its folder. */
  readonly name: string
  /** Every figure by scope, the verdict and the warnings: their only source. */
  readonly report: Report
  /** Plan, limits and configuration; undefined where there are only results. */
  readonly head: RunInfo | undefined
  readonly window: MeasuredWindow
  readonly conditions: RunConditions
  /** All requests, including those outside the window; undefined without records, or when not asked for. */
  readonly requests: readonly RequestSample[] | undefined
  /** The server's own figures, in the order of the files; [] where it was not polled. */
  readonly server: readonly ServerRecord[]
  /** Time series, distributions, single requests; undefined without records, or when not asked for. */
  readonly detail: Detail | undefined
  readonly sources: RunSources
}

/** The files that a run was read from. */
export interface RunSources {
  readonly results: readonly string[]
  readonly records: readonly string[]
  /** Number of processes that shared the load, as far as the files show. */
  readonly pods: number
  /** What a reader should know about the files: lines left out, reports skipped. */
  readonly notes: readonly string[]
}
