export type MetricKind = 'trend' | 'counter' | 'gauge' | 'rate'

/** What a value is counted in; a share is 0-1, request-ms is requests in flight times ms. */
export type MetricUnit =
  | 'ms'
  | 'tokens'
  | 'requests'
  | 'requests/s'
  | 'request-ms'
  | 'share'
  | 'bytes'
  | 'W'
  | 'J'
  | 's'
  | 'none'

/** Tags of few values that a metric's samples carry. */
export type MetricTag =
  | 'phase'
  | 'measured'
  | 'app'
  | 'model'
  | 'endpoint'
  | 'step'
  | 'turn'
  | 'slice'
  | 'outcome'
  | 'reason'
  | 'tokens'
  | 'reasoning'
  | 'events'
  | 'note'
  | 'finish'
  | 'problem'
  | 'cause'
  | 'slo'
  | 'figure'
  | 'source'
  | 'result'
  | 'grader'

/** One metric: everything that k6, the summary, the reports and the dashboards know of it. */
export interface MetricDef {
  name: string
  kind: MetricKind
  unit: MetricUnit
  /** Short heading for tables and panels. */
  title: string
  formula: string
  /** When a request or a run has no value for it; `''` when there always is one. */
  noValue: string
  better: 'lower' | 'higher' | 'none'
  /** Field of the exchange's timings that the value is. */
  timing?: TimingField
  /**
   * Of latencies: whether the table on screen has it. `sampled`: where the run has samples of it;
   * `differs`: where its median is not TTFT's. Files have all of them.
   */
  screen?: 'always' | 'sampled' | 'differs' | 'never'
  /** Where the value comes from when it is no timing. */
  source?: string
  /** False where samples of failed requests enter too. */
  completedOnly: boolean
  /** Of use only while a run goes on: dashboards draw it, results leave it out. */
  liveOnly?: true
  tags: readonly MetricTag[]
}

export type TimingField =
  | 'ttfbMs'
  | 'ttftMs'
  | 'ttfoMs'
  | 'tpotMs'
  | 'iclMs'
  | 'itlMs'
  | 'stallMs'
  | 'e2eMs'
  | 'streamMs'
  | 'connectingMs'
  | 'tlsMs'
  | 'latenessMs'
  | 'ttftDueMs'
  | 'e2eDueMs'

/** The exchange's timings, as far as metrics read them. ms; undefined is "no value". */
export type TimingValues = {
  readonly [field in Exclude<TimingField, 'iclMs' | 'itlMs'>]: number | undefined
} & {
  readonly iclMs: readonly number[]
  readonly itlMs: readonly number[]
  /** One of these gaps by its index, without making all of them. */
  iclAtMs(i: number): number
  itlAtMs(i: number): number
}

/**
 * A stretch of the run, in ms on the clock of the marks. A list of windows is contiguous and
 * ascending; what lies outside of it is `phase: 'drain', measured: false`.
 */
export interface Window {
  phase: string
  measured: boolean
  /** Name of the slice, where the phase is cut into slices. */
  slice: string | undefined
  startMs: number
  endMs: number
}

/** A finished request, structurally what the exchange returns. Times in ms on the run's clock. */
export interface FinishedRequest {
  outcome: string
  /** Short stable word of few values; `''` when completed. */
  reason: string
  marks: { readonly startMs: number; readonly sentMs: number | undefined; readonly endMs: number }
  usage:
    | {
        readonly input: number | undefined
        readonly output: number | undefined
        readonly cached: number | undefined
      }
    | undefined
  tokenSource: 'usage' | 'chunks' | 'none'
  outputTokens: number
  chunkTimesMs: readonly number[]
  chunkTokens: readonly number[] | undefined
  chunks: number
  /** Number of bunches that the chunks came in; undefined where they came one by one. */
  bunches: number | undefined
  hiddenReasoning: boolean
  /** What is odd in it, though it counts; of `NOTES`. */
  notes: readonly string[]
  /** Why the server ended the answer; of `FINISHES`. */
  finish: string | undefined
  /** Events that were no frame of the API. */
  malformedEvents: number
}

export interface Sample {
  metric: string
  value: number
  /** On top of the request's own labels; a key given here wins over a label. */
  tags: Readonly<Record<string, string>>
}
