/** What a replica costs besides the price of a GPU-hour. */
export interface Replica {
  gpus: number
  /** On top of the GPUs: nodes, network, storage, people; relative to their price, 0.2 = 20 %. */
  overhead: number
}

/** Prices per million tokens. Cached input is charged as input where `cached` is undefined. */
export interface TokenPrice {
  input: number
  cached: number | undefined
  output: number
}

/** Both ends of an interval; null where one is not known. */
export interface Ends {
  low: number | null
  high: number | null
}

/** What requests used. */
export interface Tokens {
  /** Completed requests of the measured window. */
  requests: number
  /** Their input tokens, cached ones included. */
  input: number
  cached: number
  /** Output tokens received within the window, whenever the request began or ended. */
  output: number
  /** All output tokens of those requests, as the server counts them, hidden reasoning included. */
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
  /** Length of the window as far as the run got, and as planned (undefined: not known), ms. */
  lengthMs: number
  plannedMs: number | undefined
  endedEarly: boolean
  /** See `servedPerS`; tokens/s are the report's. */
  completedPerS: number | null
  outputTokensPerS: number | null
  /** Interval of the output tokens/s; undefined where there is none. */
  outputTokensPerSWithin?: Ends | undefined
  total: Tokens
  /** Completed requests without a count of input tokens: their input cost is in no figure. */
  uncounted: number
  /** Whether the server reports how much of the input it read from its cache. */
  cachedKnown: boolean
  parts: readonly Part[]
  energy: Energy | undefined
}

export interface Energy {
  joulesPerToken: number | null
  /** Mean power of all GPUs, W; undefined where energy itself was counted. */
  powerW?: number
  /** Energy as the server counts it, its power as scraped, or a power given by the user. */
  source: 'energy' | 'power' | 'given'
}

/** Cost of the whole traffic or of a part. Null: no value, because nothing was produced. */
export interface CostLine {
  name: string
  by: 'all' | Part['by']
  requests: number
  outputTokens: number
  /** Share of the total cost, 0-1. */
  share: number
  /** Per completed request, and per million output tokens. */
  perRequest: number | null
  perMillionOutput: number | null
}

/** A stretch of load with one mean rate. */
export interface LoadBin {
  /** Mean rate, requests/s. */
  rate: number
  lengthMs: number
}

export interface Monthly {
  /** Load of the trace or the cycle, requests/s. */
  averageRate: number
  peakRate: number
  /** Average / peak: utilisation over time of a fleet sized for the peak. */
  averageOverPeak: number
  staticReplicas: number
  scaledReplicasMean: number
  scaledReplicasMax: number
  /** Cost per month of 730 hours. */
  staticCost: number
  scaledCost: number
  savedShare: number
}

/** Buying tokens against hosting, at one price of a replica-hour. */
export interface BreakEven {
  /** The whole traffic first, then its applications and models. */
  lines: BreakEvenLine[]
  /** The smallest load that makes hosting cheaper; null: none does, at this use of the fleet. */
  least: LeastLoad | null
}

export interface BreakEvenLine {
  by: CostLine['by']
  name: string
  requests: number
  /** Cost of a request, bought, and hosted on replicas that are used to their limit. */
  buyPerRequest: number
  hostPerRequest: number
  /**
   * Rate of the whole mix on each replica from which on hosting this part costs less, requests/s, and the same relative to the
   * limit; above 1 it never does. Null where tokens cost nothing.
   */
  perReplicaPerS: number | null
  use: number | null
}

export interface LeastLoad {
  requestsPerMonth: number
  /** Replicas that it takes, those to lose included. */
  replicas: number
  /** What either costs then, per month. */
  perMonth: number
}
