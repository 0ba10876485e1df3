/** What is paid for a replica, whatever a GPU's hour costs. */
export interface Replica {
  gpus: number
  /** On top of the GPUs: nodes, network, storage, people; a share of their price, 0.2 = 20 %. */
  overhead: number
}

/** Prices of a million tokens. Cached input is charged as input where `cached` is undefined. */
export interface TokenPrice {
  input: number
  cached: number | undefined
  output: number
}

/** What requests used. */
export interface Tokens {
  /** Completed requests of the measured window. */
  requests: number
  /** Their input tokens, cached ones included. */
  input: number
  cached: number
  /** Output tokens received inside of the window, whenever the request began or ended. */
  output: number
  /** All output tokens of those requests, as the server counts them: hidden reasoning too. */
  billedOutput: number
}

/** The requests of an application or a model. */
export interface Part {
  by: 'application' | 'model'
  name: string
  tokens: Tokens
}

/** What a run used in its measured window. `null`: no value. */
export interface Usage {
  /** As far as the run got, and as planned (undefined: not known). */
  lengthMs: number
  plannedMs: number | undefined
  endedEarly: boolean
  /** The report's figures of the window. */
  completedPerS: number | null
  outputTokensPerS: number | null
  total: Tokens
  /** Completed requests without a count of input tokens: their input cost is not in any figure. */
  uncounted: number
  /** Whether the server tells how much of the input it read from its cache. */
  cachedKnown: boolean
  parts: readonly Part[]
  energy: Energy | undefined
}

export interface Energy {
  joulesPerToken: number | null
  /** Mean power of all GPUs, W; undefined where energy itself was counted. */
  powerW?: number
  /** Energy that the server counts, its power as scraped, or a power that the user gave. */
  source: 'energy' | 'power' | 'given'
}

/** Cost of the whole traffic or of a part. Null: no value, as nothing was produced. */
export interface CostLine {
  name: string
  by: 'all' | Part['by']
  requests: number
  outputTokens: number
  /** Share of the whole cost, 0-1. */
  share: number
  /** Per completed request, and per million output tokens. */
  perRequest: number | null
  perMillionOutput: number | null
}

/** A stretch of load. */
export interface LoadBin {
  /** Mean, requests/s. */
  rate: number
  lengthMs: number
}

export interface Monthly {
  /** Load of the trace or the cycle, requests/s. */
  averageRate: number
  peakRate: number
  /** Average / peak: what a fleet sized for the peak is used to, over the time. */
  averageOverPeak: number
  staticReplicas: number
  scaledReplicasMean: number
  scaledReplicasMax: number
  /** A month of 730 hours. */
  staticCost: number
  scaledCost: number
  savedShare: number
}
