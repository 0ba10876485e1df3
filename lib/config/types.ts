import type { Values, VariableName } from './variables.ts'

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
  /** Name or address to connect to; an IPv6 address without its brackets. */
  host: string
  port: number
  tls: boolean
  /** `/v1`, or '' when the URL has no path. */
  basePath: string
}

/** How load goes over time; decides which variables of load are used. */
export type ShapeName =
  | 'steady'
  | 'ramp'
  | 'spike'
  | 'soak'
  | 'daily'
  | 'concurrency-sweep'
  | 'rate-sweep'
  | 'cold-start'
  | 'batch'
  | 'failover'
  | 'trace'

/** How requests of an open loop follow each other; `constant` is played by k6's own executors. */
export type Arrivals = { kind: 'constant' } | { kind: 'poisson' } | { kind: 'gamma'; shape: number }

export interface WeightedEndpoint {
  endpoint: EndpointConfig
  /** Share of the requests in relation to the other weights. */
  weight: number
  /** `host:port`, fit for a tag. */
  name: string
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
  arrivals: Arrivals
  /** Sweeps: load of each step, rising; undefined = the shape's own steps. */
  steps: readonly number[] | undefined
  /** Sweeps: measured length of a step, and the start of it that is left out. */
  stepMs: number
  settleMs: number
  /** Daily cycle and cold start: how often; length of a day. */
  cycles: number
  cycleMs: number
  /** Cold start: silence before the first requests, and how many of them are told apart. */
  idleMs: number
  coldRequests: number
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
  /** True where neither the user nor the scenario set it. */
  errorRateBuiltIn: boolean
  /** Share of requests that must meet every latency limit, 0-1; undefined = no verdict. */
  goodput: number | undefined
}

export interface Config {
  scenario: string
  endpoint: EndpointConfig
  /** Where requests go, at least one; the first is `endpoint`. */
  endpoints: readonly WeightedEndpoint[]
  api: string
  model: string | undefined
  apiKey: Secret | undefined
  /** Name under which a k6 secret source holds the key, when API_KEY is not given. */
  apiKeySecret: string | undefined
  /** May hold credentials: `publicConfig` shows the names only. */
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
  /** Every variable's value by its name, so that a new one is at hand without a field here. */
  values: PublicValues
  /** Variables that the environment gave; the others are defaults. */
  given: readonly VariableName[]
}

/** Values of all variables but those that may hold credentials. */
export type PublicValues = Omit<Values, 'API_KEY' | 'HEADERS'>

/** Why a configuration cannot be used. Every text is safe to log. */
export interface ConfigProblem {
  variable: VariableName
  /** As given, `(hidden)` for secrets; undefined when nothing was given. */
  value: string | undefined
  /** `environment`, or whose default the value is. */
  source: 'environment' | 'scenario default' | 'default'
  message: string
  /** What would be right. */
  accepted: string
}

export interface ConfigWarning {
  variable: string
  message: string
}

export interface ParseInput {
  /** The scenario's name: `chat-spike`. */
  scenario: string
  /** When given, variables that this shape leaves unused are warned about. */
  shape?: ShapeName
  /** `__ENV`: it holds the whole shell, so names that are not ours are no error. */
  env: Readonly<Record<string, string | undefined>>
  /**
   * Whether to look for misspelt names, true by default. That reads the whole environment: 50 ms of
   * CPU in k6's engine for 35 names, so a load script asks for it once and not in every VU.
   */
  hints?: boolean
  /** The scenario's own defaults, as they would be written after `-e NAME=`. */
  defaults?: Readonly<Partial<Record<VariableName, string | number | boolean>>>
}

export type ParseResult =
  | { ok: true; config: Config; warnings: ConfigWarning[] }
  | { ok: false; problems: ConfigProblem[]; warnings: ConfigWarning[] }

/** A row of the variables' table, as documentation shows it. */
export interface VariableDoc {
  name: VariableName
  group: string
  type: string
  /** As one would write it; undefined: no default, see `meaning`. */
  default: string | undefined
  unit: string | undefined
  meaning: string
  example: string
  accepted: string
  shapes: readonly ShapeName[] | 'all'
  secret: boolean
}
