import type { Timings } from '../exchange/index.ts'
import type { ServerRecord } from '../records/index.ts'
import type { Report, RunInfo } from '../results/index.ts'
import type { Detail } from './detail-types.ts'

/** The stretch that measured figures are of: the measured phases, as far as the run got. */
export interface MeasuredWindow {
  /** Measured phases in their order, ms from the start of the load; none has no length. */
  readonly spans: readonly WindowSpan[]
  /** Sum of the spans, ms: what rates are divided by. */
  readonly lengthMs: number
  /** The same as planned; undefined where only results tell, and the run ended early. */
  readonly plannedMs: number | undefined
  readonly endedEarly: boolean
}

export interface WindowSpan {
  readonly phase: string
  readonly startMs: number
  readonly endMs: number
}

/**
 * One request as its record tells it. Times in ms from the start of the load. Whether it is inside of
 * the measured window is its own label, fixed at its start, and never a comparison of times.
 */
export interface RequestSample {
  readonly id: string
  /** When it was due, else when it started: orders the requests. */
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
  /** Equal ids are equal prompts; undefined where prompts have no names. */
  readonly promptId: string | undefined
  /** `aborted`: given up by the client, neither completed nor failed. */
  readonly outcome: OutcomeKind
  /** Whether it met every limit; undefined without limits. */
  readonly good: boolean | undefined
  readonly inputTokens: number | undefined
  readonly cachedTokens: number | undefined
  /** As the server counts them, else content chunks; partial where it failed. */
  readonly outputTokens: number
  /** Of these, received inside of the measured window, whenever the request began or ended. */
  readonly measuredTokens: number
  /**
   * What was asked whatever the server does; undefined where the request was due at no time that was
   * set before the run, or nothing was asked of its length.
   */
  readonly asked: { inputTokens: number | undefined; outputTokens: number } | undefined
  readonly firstTokenMs: number | undefined
  readonly lastTokenMs: number | undefined
  /** By the formulas of `timingsOf`; no latency of a request that did not complete. */
  readonly timings: Readonly<Partial<Timings>>
}

export type OutcomeKind = 'completed' | 'failed' | 'aborted'

/** What must be alike for two runs to be compared. Undefined: not known, and not judged. */
export interface RunConditions {
  readonly scenario?: string | undefined
  readonly model?: string | undefined
  /** `steady`, `ramp`, …; with loop, unit and the mean load asked in the measured phases. */
  readonly shape?: string | undefined
  readonly loop?: string | undefined
  readonly unit?: string | undefined
  readonly asked?: number | undefined
  readonly seed?: number | undefined
  /** As configured: `256`, `lognormal(200,0.5)`. */
  readonly inputTokens?: string | undefined
  readonly outputTokens?: string | undefined
  readonly clock?: string | undefined
  readonly api?: string | undefined
  /** Why the client and not the server may have set the figures; [] when nothing speaks for it. */
  readonly clientLimits: readonly string[]
}

/** One run, whatever files it was read from: results, records, both, those of several pods. */
export interface Run {
  /** What it is called in the output, e.g. its folder. */
  readonly name: string
  /** Every figure by scope, the verdict and warnings: the one source of them. */
  readonly report: Report
  /** Plan, limits and configuration; undefined where there are results only. */
  readonly head: RunInfo | undefined
  readonly window: MeasuredWindow
  readonly conditions: RunConditions
  /** All requests, also those outside of the window; undefined without records, or when not asked for. */
  readonly requests: readonly RequestSample[] | undefined
  /** What the server said of itself, in the order of the files; [] where it was not polled. */
  readonly server: readonly ServerRecord[]
  /** Courses over time, distributions, single requests; undefined without records, or when not asked for. */
  readonly detail: Detail | undefined
  readonly sources: RunSources
}

/** What a run was read from. */
export interface RunSources {
  readonly results: readonly string[]
  readonly records: readonly string[]
  /** Processes that shared the load, as far as the files tell. */
  readonly pods: number
  /** What the reader should know of the files: lines left out, reports passed over. */
  readonly notes: readonly string[]
}
