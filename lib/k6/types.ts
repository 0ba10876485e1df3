import type { Config, ShapeName } from '../config/index.ts'
import type { LoadPlan } from '../load/index.ts'
import type { ServerFacts } from '../preflight/index.ts'
import type { Workload } from '../workload/index.ts'

/** What a scenario file says: what is sent, in which shape, and its own defaults. */
export interface TestDefinition {
  /** Name of the file, for messages and results. */
  name: string
  shape: ShapeName
  workload: (config: Config) => Workload
  /** Defaults of variables that differ from the schema's, as they would be typed. */
  defaults?: Record<string, string>
}

/** A test as it stands once the script is loaded. */
export interface PreparedTest {
  name: string
  config: Config
  plan: LoadPlan
  workload: Workload
  gapSampling: number
  warnings: readonly string[]
}

/** What `setup()` hands to every VU and to the summary: plain data, no secrets. */
export interface RunData {
  facts: ServerFacts
  /** Makes prompts unique to this run, so that an earlier one has not warmed the prefix cache. */
  salt: string
  /** ISO 8601. */
  startedAt: string
  /** End of setup on the run's clock, ms: from here on there is load. */
  loadStartMs: number
}
