import type { Scenario } from 'k6/options'
import type { PhaseRole } from '../metrics/index.ts'

/** A named stretch of a run. Times in ms from the start of the load. */
export interface Phase {
  name: string
  startMs: number
  endMs: number
  role: PhaseRole
  /** Whether its requests enter the figures: by its role. */
  measured: boolean
  /** Sweeps: the step's level as a tag's value. Phases of one name are one in the figures. */
  step?: string
  /** Asked load at both ends, in the plan's unit; linear between them. */
  from: number
  to: number
}

/** What a shape makes of a configuration: what k6 is told, and what the summary compares with. */
export interface LoadPlan {
  shape: string
  loop: 'open' | 'closed'
  /** Unit of `from`, `to` and `peak`. */
  unit: 'requests/s' | 'requests in flight'
  /** Contiguous, from 0 to `endMs`. */
  phases: readonly Phase[]
  endMs: number
  /** Time left for answers in flight when the load ends. */
  drainMs: number
  peak: number
  /** Most VUs that k6 may hold at one moment, those that finish an earlier phase's answers included. */
  maxVUs: number
  /**
   * k6 scenarios by name. Open loop of few phases: one a phase, named like it, with tags `phase` and
   * `measured`. Else one named `load` (a schedule's: like its shape) without these tags; a request's
   * phase is then `phaseAt` its due time.
   */
  scenarios: Record<string, Scenario>
}
