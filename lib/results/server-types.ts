/** The server's own figures in a phase; null where it does not report one. */
export interface ServerPhase {
  phase: string
  measured: boolean
  /** Largest value in one poll, requests. */
  runningMax: number | null
  waitingMax: number | null
  /** Share of the KV cache in use, 0-1. */
  kvCacheUsageMax: number | null
  preemptions: number | null
  /** Hits / look-ups, 0-1. */
  prefixHitRate: number | null
  /** Share of the time that the GPU was busy, 0-1. */
  gpuUtilisationMax: number | null
  gpuMemoryUsedMax: number | null
  gpuPowerMax: number | null
  gpuEnergyJ: number | null
}

export interface ServerReport {
  phases: ServerPhase[]
  /** Energy of all GPUs / output tokens received, over the whole run. */
  joulesPerToken: number | null
  /** What stands out, one sentence each. */
  findings: string[]
}
