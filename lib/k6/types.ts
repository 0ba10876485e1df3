import type { Config, ShapeName } from '../config/index.ts'
import type { LoadPlan } from '../load/index.ts'
import type { ServerFacts } from '../preflight/index.ts'
import type {
  Calibration,
  ConversationWorkload,
  DatasetRow,
  TraceReader,
  Workload,
} from '../workload/index.ts'

/** Files that the variables name, read while the script is loaded and held once for all VUs. */
export interface Inputs {
  dataset: ArrayLike<DatasetRow> | undefined
  /** @throws Error without TRACE */
  readonly trace: TraceReader
  /** A calibration that was given back; undefined = learn it, or go without. */
  calibration: Calibration | undefined
}

/** What a scenario file says: what is sent, in which shape, and its own defaults. */
export interface TestDefinition {
  /** Name of the file, for messages and results. */
  name: string
  shape: ShapeName
  workload: (config: WorkloadVariables, inputs: Inputs) => Workload | ConversationWorkload
  /** Defaults of variables that differ from the schema's, as they would be typed. */
  defaults?: Record<string, string>
}

/** The configuration, with the variables of content by the names that workloads know them by. */
export type WorkloadVariables = Config & {
  cache: 'cold' | 'shared' | 'natural'
  prefixShare: number
  prefixPool: number
  batchSize: number
  turns: Config['inputTokens'] | undefined
  think: Config['inputTokens'] | undefined
  turnTokens: Config['inputTokens'] | undefined
}

/** A test as it stands once the script is loaded. */
export interface PreparedTest {
  name: string
  config: Config
  plan: LoadPlan
  /** When request n is due, ms after the load's start, where a schedule was computed. */
  dueMs: ((n: number) => number) | undefined
  workload: Workload | ConversationWorkload
  inputs: Inputs
  groups: readonly { tag: 'app' | 'turn'; values: readonly string[] }[]
  gapSampling: number
  warnings: readonly string[]
}

/** What `setup()` hands to every VU and to the summary: plain data, no secrets. */
export interface RunData {
  facts: ServerFacts
  calibration?: Calibration
  /** Makes prompts unique to this run, so that an earlier one has not warmed the prefix cache. */
  salt: string
  /** ISO 8601. */
  startedAt: string
  /** End of setup on the run's clock, ms: from here on there is load. */
  loadStartMs: number
}
