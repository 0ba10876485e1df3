import type { Config, ShapeName } from '../config/index.ts'
import type { LoadPlan, ScheduleFacts } from '../load/index.ts'
import type { Graders, IdleRun } from '../metrics/index.ts'
import type { ServerFacts } from '../preflight/index.ts'
import type { Grader, IdlePrompt } from '../quality/index.ts'
import type { WorkloadDigest } from '../results/index.ts'
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
  /** A saved calibration; undefined = learn it, or go without. */
  calibration: Calibration | undefined
  /** Of the whole content of what was read. */
  digests: { dataset: string | undefined; trace: WorkloadDigest | undefined }
}

/** What a scenario file defines: what is sent, in which load shape, and its own defaults. */
export interface TestDefinition {
  /** Name of the file, for messages and results. */
  name: string
  shape: ShapeName
  workload: (config: WorkloadVariables, inputs: Inputs) => Workload | ConversationWorkload
  /** Defaults of variables that differ from the table's, as one would type them. */
  defaults?: Record<string, string>
  /** Graders of its own by name, which judge the answers that GRADED_SHARE picks. */
  graders?: Readonly<Record<string, Grader>>
}

/** The configuration, plus the variables for content under the names that workloads use. */
export type WorkloadVariables = Config & {
  cache: 'cold' | 'shared' | 'natural'
  prefixShare: number
  prefixPool: number
  batchSize: number
  turns: Config['inputTokens'] | undefined
  think: Config['inputTokens'] | undefined
  turnTokens: Config['inputTokens'] | undefined
}

/** A test as it is once the script is loaded. */
export interface PreparedTest {
  name: string
  config: Config
  plan: LoadPlan
  /** When request n is due, ms after the start of the load, where a schedule was computed. */
  dueMs: ((n: number) => number) | undefined
  schedule: ScheduleFacts | undefined
  workload: Workload | ConversationWorkload
  inputs: Inputs
  groups: readonly { tag: 'app' | 'turn'; values: readonly string[] }[]
  /** What answers are graded by; undefined where none are. */
  graders: Graders | undefined
  ownGraders: Readonly<Record<string, Grader>>
  gapSampling: number
  warnings: readonly string[]
}

/** What the servers answered before the load: fingerprints, no texts. */
export interface IdleAnswers {
  /** By name of the endpoint: the prompts that can be compared under load. */
  byEndpoint: Record<string, readonly IdlePrompt[]>
  facts: IdleRun
}

/** What `setup()` hands to every VU and to the summary: plain data, no secrets. */
export interface RunData {
  facts: ServerFacts
  calibration?: Calibration
  /** What the servers answered before the load; with COMPARED_SHARE. */
  idle?: IdleAnswers
  /** What this run asks of the server. */
  workload: WorkloadDigest
  /** Makes prompts unique to this run, so that earlier runs have not warmed the prefix cache for them. */
  salt: string
  /** ISO 8601. */
  startedAt: string
  /** End of setup on the run's clock, ms: the load starts here. */
  loadStartMs: number
}
