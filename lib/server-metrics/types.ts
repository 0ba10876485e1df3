/** Inference servers and exporters whose metrics are known. */
export type EngineName =
  'vllm' | 'sglang' | 'tgi' | 'triton' | 'trtllm' | 'llamacpp' | 'dynamo' | 'dcgm'

/** What every engine calls differently. */
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

/** One metric of an engine, narrowed by labels where one name carries several figures. */
export interface Term {
  readonly metric: string
  readonly labels?: Readonly<Record<string, string>>
}

/** How a figure is made of an engine's metrics. */
export interface Source {
  /** Added up; all must be there. */
  readonly terms: readonly Term[]
  /** Over a term's series (replicas, GPUs, ranks); the largest where a sum would hide a full one. */
  readonly over: 'sum' | 'max' | 'mean'
  /** To the neutral unit, e.g. 0.01 for percent. */
  readonly scale?: number
}

/** Neutral name, unit and kind of a figure. Counters grow from the server's start. */
export interface FigureDef {
  readonly figure: ServerFigure
  /** k6 metric that carries it. */
  readonly metric: `llm_${string}`
  readonly kind: 'gauge' | 'counter'
  readonly unit: 'requests' | 'share' | 'none' | 'bytes' | 'W' | 'J'
}

export interface Engine {
  readonly name: EngineName
  /** For headings. */
  readonly title: string
  /** What every metric of the engine begins with; tells engines apart. */
  readonly prefix: string
  /** Older names after the current ones: the first that is exposed counts. */
  readonly figures: { readonly [F in ServerFigure]?: readonly Source[] }
}

/** One look at an exposition; figures that the engine does not give are missing, never 0. */
export interface ServerReading {
  readonly engines: readonly EngineName[]
  readonly values: { readonly [F in ServerFigure]?: number }
}
