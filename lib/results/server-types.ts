/** What the server said of itself in a phase; null where it does not tell. */
export interface ServerPhase {
  phase: string
  measured: boolean
  /** Most at one look, requests. */
  runningMax: number | null
  waitingMax: number | null
  /** 0-1. */
  kvCacheUsageMax: number | null
  preemptions: number | null
  /** Hits / look-ups, 0-1. */
  prefixHitRate: number | null
  /** 0-1. */
  gpuUtilisationMax: number | null
  gpuMemoryUsedMax: number | null
  gpuPowerMax: number | null
  gpuEnergyJ: number | null
}

export interface ServerReport {
  phases: ServerPhase[]
  /** Over the whole run, energy of all GPUs / output tokens received. */
  joulesPerToken: number | null
  /** What stands out, one sentence each. */
  findings: string[]
}
