/** What an hour of the fleet costs, in whatever currency the prices are in. */
export interface GpuPrice {
  /** A GPU hour on demand, reserved, spot; at least one is given. */
  onDemand: number | undefined
  reserved: number | undefined
  spot: number | undefined
  gpusPerReplica: number
  /** On top of the GPUs: nodes, network, storage, people; a share of their price, 0.2 = 20 %. */
  overhead: number
}

/** Prices of a million tokens. Cached input is charged as input where `cached` is undefined. */
export interface TokenPrice {
  input: number
  cached: number | undefined
  output: number
}

/** What requests used. `input` counts cached tokens too. */
export interface Tokens {
  requests: number
  input: number
  cached: number
  output: number
}

/** What a run used in its measured window: completed requests that were due in it. */
export interface Usage {
  windowMs: number
  total: Tokens
  byApp: ReadonlyMap<string, Tokens>
  byModel: ReadonlyMap<string, Tokens>
  /** Completed requests without a count of input tokens: their input cost is not in any figure. */
  uncounted: number
  /** Mean power of all GPUs that were scraped, W. */
  powerW: number | undefined
}

/** Cost of a part of the traffic. Null: no value, as nothing was produced. */
export interface CostLine {
  name: string
  requests: number
  outputTokens: number
  /** Share of the whole cost, 0-1. */
  share: number
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
