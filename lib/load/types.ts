import type { Scenario } from 'k6/options'
import type { PhaseRole } from '../metrics/index.ts'

/** A named stretch of a run. Times in ms from the start of the load. */
export interface Phase {
  name: string
  startMs: number
  endMs: number
  role: PhaseRole
  /** Whether its requests enter the figures; follows from its role. */
  measured: boolean
  /** Sweeps: the level of the step as a tag value. Phases with the same name are one in the figures. */
  step?: string
  /** Asked load at both ends, in the plan's unit; linear between them. */
  from: number
  to: number
  /** Requests due in it, where the schedule was drawn or recorded: those differ from the mean rate. */
  due?: number
}

/** What a shape makes of a configuration: what k6 is given, and what the summary compares with. */
export interface LoadPlan {
  shape: string
  loop: 'open' | 'closed'
  /** Unit of `from`, `to` and `peak`. */
  unit: 'requests/s' | 'requests in flight' | 'conversations/s' | 'conversations at a time'
  /** Contiguous, from 0 to `endMs`. */
  phases: readonly Phase[]
  endMs: number
  /** Time left for answers in flight when the load ends. */
  drainMs: number
  peak: number
  /** Most VUs that k6 may go up to. */
  maxVUs: number
  /**
   * One k6 scenario for all phases, which share its VUs: `load`, or for a schedule named like its shape.
   * The phase of a request is `phaseAt` its due time.
   */
  scenarios: Record<string, Scenario>
}
