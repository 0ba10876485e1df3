import type { AnswerRecord, GradeRecord, RequestRecord } from '../records/index.ts'
import type { AnswerList, AnswerListName } from '../results/index.ts'

/** null is "no value". */
export type Points = (number | null)[]

/** The run over time, in equal buckets. Each list has one entry per bucket. */
export interface TimeSeries {
  bucketMs: number
  /** Start of each bucket, s from the start of the load. */
  atS: number[]
  /** Asked load, in the plan's unit; null after the load. */
  asked: Points
  /** Requests started, completed and failed per second. */
  startedPerS: Points
  completedPerS: Points
  failedPerS: Points
  /** Mean number of requests between sent and end. */
  inFlight: Points
  /** Output tokens received per second, including those of failed requests. */
  tokensPerS: Points
  /** For completed requests, by the bucket in which they were due (or else started), ms. */
  ttftP50: Points
  ttftP95: Points
  tpotP50: Points
  tpotP95: Points
  e2eP50: Points
  e2eP95: Points
}

/** Counts of measured completed requests between edges that grow by a constant factor. */
export interface Histogram {
  metric: 'ttft' | 'tpot' | 'e2e'
  /** One more than there are counts, ms. */
  edgesMs: number[]
  counts: number[]
}

/** Values by percentile: `atShare[i]` of the requests took at most `ms[i]`. */
export interface PercentileCurve {
  metric: 'ttft' | 'tpot' | 'e2e'
  atShare: number[]
  ms: number[]
}

/** Measured requests of one application, model, endpoint, step or turn. */
export interface Group {
  by: 'app' | 'model' | 'endpoint' | 'step' | 'turn'
  name: string
  completed: number
  failed: number
  outputTokens: number
  ttft: Percentiles
  tpot: Percentiles
  e2e: Percentiles
}
export interface Percentiles {
  count: number
  p50: number | null
  p95: number | null
  p99: number | null
}

/** What a request's row in a report shows. */
export type ShownRequest = Pick<
  RequestRecord,
  | 'id'
  | 'startMs'
  | 'outcome'
  | 'reason'
  | 'message'
  | 'phase'
  | 'app'
  | 'endpoint'
  | 'turn'
  | 'promptId'
  | 'inputTokens'
  | 'outputTokens'
  | 'ttftMs'
  | 'tpotMs'
  | 'e2eMs'
  | 'stallMs'
  | 'requestId'
>

/** A kept answer that is worth reading. */
export interface TailAnswer {
  /** That it is in, at least one. */
  lists: AnswerListName[]
  request: ShownRequest
  grades: readonly GradeRecord[]
  texts: AnswerRecord
}

/** Kept answers of measured phases. */
export interface Tail {
  kept: number
  lists: AnswerList[]
  /** Those in the lists, each once, in the order of the lists. */
  answers: TailAnswer[]
}

/** What records show beyond a report; bounded in size, whatever the number of requests. */
export interface Detail {
  requests: number
  series: TimeSeries
  histograms: Histogram[]
  curves: PercentileCurve[]
  groups: Group[]
  /** Measured completed requests, slowest first. */
  slowestTtft: ShownRequest[]
  slowestE2e: ShownRequest[]
  /** The first failures, and the total number of them. */
  failed: ShownRequest[]
  failures: number
  /** Undefined where no answers were kept. */
  tail: Tail | undefined
  /** The server's own figures over time, by name. */
  server: { atS: number[]; values: Record<string, Points> }
}
