import type { FaultRule } from './fault-set.ts'
import type { SimulatorOptions } from './options.ts'
import type { SimRecord } from './records.ts'
import type { SimStats } from './tally.ts'

/** A running simulated server, and what a test asks of it. */
export interface Simulator {
  /** Base URL with `/v1`. */
  url: string
  port: number
  options: SimulatorOptions
  /** Finished requests, oldest first. */
  records(): SimRecord[]
  stats(): SimStats
  /** Forgets records and totals (metrics go on, as a server's do). */
  reset(): void
  faults(): FaultRule[]
  /** What the server does by itself from now on. @throws RangeError */
  setFaults(rules: FaultRule[]): void
  /** Drops all connections and refuses new ones for so long. */
  refuse(ms: number): Promise<void>
  close(): Promise<void>
}
