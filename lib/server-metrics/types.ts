/** Inference servers and exporters whose metrics are known. */
export type EngineName =
  'vllm' | 'sglang' | 'tgi' | 'triton' | 'trtllm' | 'llamacpp' | 'dynamo' | 'dcgm'

/** Neutral names for figures that every engine names differently. */
export type ServerFigure =
  | 'running'
  | 'waiting'
  | 'kvCacheUsage'
  | 'preemptions'
  | 'prefixHits'
  | 'prefixQueries'
  | 'gpuUtilisation'
  | 'gpuMemoryUsed'
  | 'gpuPower'
  | 'gpuEnergy'

/** One metric of an engine, restricted by labels where one name carries several figures. */
export interface Term {
  readonly metric: string
  readonly labels?: Readonly<Record<string, string>>
}

/** How a figure is computed from an engine's metrics. */
export interface Source {
  /** Summed; all of them must be present. */
  readonly terms: readonly Term[]
  /** How a term's series (replicas, GPUs, ranks) are combined; the largest where a sum would hide a full one. */
  readonly over: 'sum' | 'max' | 'mean'
  /** Factor to the neutral unit, e.g. 0.01 for percent. */
  readonly scale?: number
}

/** Neutral name, unit and kind of a figure. Counters grow from the start of the server. */
export interface FigureDef {
  readonly figure: ServerFigure
  /** k6 metric for it. */
  readonly metric: `llm_${string}`
  readonly kind: 'gauge' | 'counter'
  readonly unit: 'requests' | 'share' | 'none' | 'bytes' | 'W' | 'J'
}

export interface Engine {
  readonly name: EngineName
  /** For headings. */
  readonly title: string
  /** Prefix of every metric of the engine; tells engines apart. */
  readonly prefix: string
  /** Current names before older ones: the first that is exposed counts. */
  readonly figures: { readonly [F in ServerFigure]?: readonly Source[] }
}

/** One reading of an exposition; figures that the engine does not give are missing, never 0. */
export interface ServerReading {
  /** Several where an exporter shares the address. */
  readonly engines: readonly EngineName[]
  /** In the units of `FIGURES`. */
  readonly values: { readonly [F in ServerFigure]?: number }
  /** Figures whose value cannot be (NaN, below 0, a share above 1): they are not among the values. */
  readonly impossible: readonly ServerFigure[]
  /** More than `MOST_SERIES` of the metrics read here: there are no values, which would be those of a part. */
  readonly tooMany: boolean
}
