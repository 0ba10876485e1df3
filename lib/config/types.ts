import type { Bounds, Slo } from '../metrics/index.ts'
import type { EndpointConfig } from './readers/endpoint.ts'
import type { Body } from './readers/body.ts'
import type { Leaving } from './readers/leaving.ts'
import type { LengthSpec } from './readers/lengths.ts'
import type { WeightedEndpoint } from './readers/lists.ts'
import type { Secret } from './readers/secret.ts'
import type { ShapeName } from './shapes.ts'
import type { Values, VariableName } from './variables/index.ts'

/** How requests of an open loop follow each other; k6's own executors play `constant`. */
export type Arrivals = { kind: 'constant' } | { kind: 'poisson' } | { kind: 'gamma'; shape: number }

export interface LoadConfig {
  loop: 'open' | 'closed'
  /** Open loop: requests/s, possibly fractional. */
  rate: number
  peakRate: number
  /** Closed loop: requests in flight. */
  concurrency: number
  peakConcurrency: number
  durationMs: number
  warmupMs: number
  /** Closed loop: time over which its first requests are spread; undefined = expectedE2eMs. */
  startSpreadMs: number | undefined
  /** Spike: length of the spike and of the recovery after it; ramp: length of the ramp. */
  spikeMs: number
  recoveryMs: number
  rampMs: number
  /** How long an answer may take, ms; sizes VUs by Little's law, because k6's options are fixed before setup. */
  expectedE2eMs: number
  maxVUs: number | undefined
  drainMs: number
  seed: number
  arrivals: Arrivals
  /** Of the times alone, which `seed` draws unless told otherwise. */
  arrivalsSeed: number
  /** Sweeps: load of each step, rising; undefined = the shape's own steps. */
  steps: readonly number[] | undefined
  /** Sweeps: measured length of a step, and the length of its start that is left out. */
  stepMs: number
  settleMs: number
  /** Daily cycle and cold start: number of cycles; daily cycle: length of a day. */
  cycles: number
  cycleMs: number
  /** Cold start: silence before the first requests, and how many of them are reported apart. */
  idleMs: number
  coldRequests: number
}

export interface Config {
  scenario: string
  endpoint: EndpointConfig
  /** Endpoints that receive requests, at least one; the first is `endpoint`. */
  endpoints: readonly WeightedEndpoint[]
  api: string
  model: string | undefined
  apiKey: Secret | undefined
  /** Name under which a k6 secret source holds the key, for use without API_KEY. */
  apiKeySecret: string | undefined
  /** May hold credentials: `publicConfig` shows only the names. */
  headers: Record<string, string>
  /** Changes to the body of every request; may hold credentials, which `publicConfig` masks. */
  body: Body | undefined
  load: LoadConfig
  inputTokens: LengthSpec
  outputTokens: LengthSpec
  temperature: number | undefined
  /** Users who leave before their answer ends: their share, and when they do. */
  cancel: { share: number; after: Leaving }
  /** Answers that are graded: their share, and by what; undefined: by what fits each. */
  grading: { share: number; graders: readonly string[] | undefined }
  ignoreEos: 'auto' | 'on' | 'off'
  deadlines: { connectMs: number; firstTokenMs: number; idleMs: number; wholeMs: number }
  slo: Slo
  bounds: Bounds
  /** Folder for the files of the run; undefined: no files are written. */
  resultsDir: string | undefined
  /** Probability with which a gap enters the ITL/ICL trends; undefined = chosen by the length of the run. */
  gapSampling: number | undefined
  preflight: boolean
  /** Values of all variables by name, so that a new variable needs no field here. */
  values: PublicValues
  /** Variables given in the environment; all others are defaults. */
  given: readonly VariableName[]
  /** Their texts, to run the same again: without secrets, and with addresses masked. */
  asGiven: Readonly<Partial<Record<VariableName, string>>>
}

/** Values of all variables except those that may hold credentials. */
export type PublicValues = Omit<Values, 'API_KEY' | 'HEADERS' | 'BODY'>

/** Why a configuration cannot be used. Every text is safe to log. */
export interface ConfigProblem {
  /** Name of the variable; possibly one that is not ours. */
  variable: string
  /** As given, `(hidden)` for secrets; undefined when nothing was given. */
  value: string | undefined
  /** `environment`, or who set the default. */
  source: 'environment' | 'profile' | 'scenario default' | 'default'
  message: string
  /** What would be accepted. */
  accepted: string
}

export interface ConfigWarning {
  variable: string
  message: string
}

export interface ParseInput {
  /** The scenario's name: `chat-spike`. */
  scenario: string
  /** When given, variables that this shape does not use cause a warning. */
  shape?: ShapeName
  /** `__ENV`: it holds the whole shell, so only a few names that are not ours are errors. */
  env: Readonly<Record<string, string | undefined>>
  /**
   * Whether to check names that are not ours; true by default. That reads the whole environment: 50
   * ms of CPU in k6's engine for 35 names, so a load script does it once and not in every VU.
   */
  hints?: boolean
  /** The scenario's own defaults, as one would write them after `-e NAME=`. */
  defaults?: Readonly<Partial<Record<VariableName, string | number | boolean>>>
  /** What lies at a path, seen from where files will be written; left out: nothing is known. */
  lookAt?: (path: string) => PathKind
}

/** `unknown`: in an archive, or on a system whose answers are not understood. */
export type PathKind = 'folder' | 'nothing' | 'not a folder' | 'unknown'

export type ParseResult =
  | { ok: true; config: Config; warnings: ConfigWarning[] }
  | { ok: false; problems: ConfigProblem[]; warnings: ConfigWarning[] }

/** A row of the table of variables in the documentation. */
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
