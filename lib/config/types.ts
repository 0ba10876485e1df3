/** A value that prints as `***` everywhere: `reveal()` is the one way to its text. */
export interface Secret {
  reveal(): string
  toString(): string
  toJSON(): string
}

/** Length in tokens: a distribution to draw from. */
export type LengthSpec =
  | { kind: 'constant'; value: number }
  | { kind: 'uniform'; min: number; max: number }
  | { kind: 'normal'; mean: number; sd: number; min: number; max: number }
  | { kind: 'lognormal'; median: number; sigma: number; min: number; max: number }
  | { kind: 'empirical'; values: readonly number[]; weights: readonly number[] }

export interface EndpointConfig {
  /** As given, without a trailing slash: `http://localhost:8000/v1`. */
  baseUrl: string
  host: string
  port: number
  tls: boolean
  /** `/v1` */
  basePath: string
}

export interface LoadConfig {
  loop: 'open' | 'closed'
  /** Open loop: requests/s, may be a fraction. */
  rate: number
  peakRate: number
  /** Closed loop: requests in flight. */
  concurrency: number
  peakConcurrency: number
  durationMs: number
  warmupMs: number
  /** Spike: length of the spike and of the recovery after it; ramp: length of the ramp. */
  spikeMs: number
  recoveryMs: number
  rampMs: number
  /** How long an answer may take; sizes VUs by Little's law (options are fixed before setup). */
  expectedE2eMs: number
  maxVUs: number | undefined
  drainMs: number
  seed: number
}

/** Limits of a service level, by percentile for the run and a request for goodput. */
export interface SloConfig {
  ttftP95Ms: number | undefined
  ttftP99Ms: number | undefined
  tpotP95Ms: number | undefined
  tpotP99Ms: number | undefined
  itlP95Ms: number | undefined
  itlP99Ms: number | undefined
  e2eP95Ms: number | undefined
  e2eP99Ms: number | undefined
  /** Share of requests that may fail, 0-1. */
  errorRate: number
  /** Share of requests that must meet every latency limit, 0-1; undefined = no verdict. */
  goodput: number | undefined
}

export interface Config {
  scenario: string
  endpoint: EndpointConfig
  api: string
  model: string | undefined
  apiKey: Secret | undefined
  headers: Record<string, string>
  load: LoadConfig
  inputTokens: LengthSpec
  outputTokens: LengthSpec
  temperature: number | undefined
  ignoreEos: 'auto' | 'on' | 'off'
  deadlines: { connectMs: number; firstTokenMs: number; idleMs: number; wholeMs: number }
  slo: SloConfig
  resultsDir: string | undefined
  /** Probability with which a gap goes into the ITL/ICL trends; undefined = sized by the run. */
  gapSampling: number | undefined
  preflight: boolean
}
