import type { Slo } from '../metrics/index.ts'
import type { EndpointConfig } from './readers/endpoint.ts'
import type { LengthSpec } from './readers/lengths.ts'
import type { WeightedEndpoint } from './readers/lists.ts'
import type { Secret } from './readers/secret.ts'
import type { ShapeName } from './shapes.ts'
import type { Values, VariableName } from './variables/index.ts'

/** How requests of an open loop follow each other; `constant` is played by k6's own executors. */
export type Arrivals = { kind: 'constant' } | { kind: 'poisson' } | { kind: 'gamma'; shape: number }

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
  slo: Slo
  /** Folder for the files of the run; undefined: none are written. */
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
  /** Its name; also one that is none of ours. */
  variable: string
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
  /** `__ENV`: it holds the whole shell, so few names that are not ours are an error. */
  env: Readonly<Record<string, string | undefined>>
  /**
   * Whether to look at names that are not ours, true by default. That reads the whole environment: 50
   * ms of CPU in k6's engine for 35 names, so a load script asks for it once and not in every VU.
   */
  hints?: boolean
  /** The scenario's own defaults, as they would be written after `-e NAME=`. */
  defaults?: Readonly<Partial<Record<VariableName, string | number | boolean>>>
  /** What lies at a path, seen from where files will be written; left out: nothing is known. */
  lookAt?: (path: string) => PathKind
}

/** `unknown` where it cannot be known: in an archive, on a system whose answers are not understood. */
export type PathKind = 'folder' | 'nothing' | 'not a folder' | 'unknown'

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
