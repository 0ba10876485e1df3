import type { RequestRecord } from '../records/index.ts'

/** null is "no value". */
export type Points = (number | null)[]

/** The run over time, in equal buckets. Each list has an entry a bucket. */
export interface TimeSeries {
  bucketMs: number
  /** Start of each bucket from the start of the load, s. */
  atS: number[]
  /** Load asked, in the plan's unit; null after the load. */
  asked: Points
  /** Requests taken up, completed and failed a second. */
  startedPerS: Points
  completedPerS: Points
  failedPerS: Points
  /** Mean of requests between sent and end. */
  inFlight: Points
  /** Output tokens received a second, failed requests' too. */
  tokensPerS: Points
  /** Of completed requests, by the bucket in which they were due (else started), ms. */
  ttftP50: Points
  ttftP95: Points
  tpotP50: Points
  tpotP95: Points
  e2eP50: Points
  e2eP95: Points
}

/** Counts of measured completed requests between edges that grow by one factor. */
export interface Histogram {
  metric: 'ttft' | 'tpot' | 'e2e'
  /** One more than counts, ms. */
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
  | 'promptId'
  | 'inputTokens'
  | 'outputTokens'
  | 'ttftMs'
  | 'tpotMs'
  | 'e2eMs'
  | 'stallMs'
  | 'requestId'
>

/** What records tell beyond a report: bounded in size, whatever the number of requests. */
export interface Detail {
  requests: number
  series: TimeSeries
  histograms: Histogram[]
  curves: PercentileCurve[]
  groups: Group[]
  /** Measured completed requests, the slowest first. */
  slowestTtft: ShownRequest[]
  slowestE2e: ShownRequest[]
  /** The first failures, and how many there were in all. */
  failed: ShownRequest[]
  failures: number
  /** The server's own figures over time, by name. */
  server: { atS: number[]; values: Record<string, Points> }
}
