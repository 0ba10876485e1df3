/** Identifies a full block of tokens *and everything before it*; equal keys mean equal prefixes. */
export type BlockKey = number | string

/** What the engine needs to know of a request. Lengths in tokens. */
export interface EngineRequest {
  /** Unique among the requests that are in the engine. */
  id: string
  promptTokens: number
  /** How many tokens the model will generate; at least 1. */
  outputTokens: number
  /**
   * Keys of the full blocks of the prompt (and, where known beforehand, of prompt and output
   * together), first block first. Missing keys: nothing to share from there on.
   */
  blockKeys?: readonly BlockKey[]
}

/** Where the engine tells what happened, in the order of virtual time. All times in ms. */
export interface EngineSink {
  /** First taken into a batch; `cachedTokens` of the prompt were found in the prefix cache. */
  scheduled(id: string, atMs: number, cachedTokens: number): void
  /** Token `index` (from 0) of a request is there. */
  token(id: string, atMs: number, index: number): void
  /** Thrown out of the batch because the KV cache is full; computed anew later. */
  preempted(id: string, atMs: number): void
  /** Right after the last token. */
  finished(id: string, atMs: number): void
}

export type EngineEvent =
  | { type: 'scheduled'; id: string; atMs: number; cachedTokens: number }
  | { type: 'token'; id: string; atMs: number; index: number }
  | { type: 'preempted'; id: string; atMs: number }
  | { type: 'finished'; id: string; atMs: number }

export interface EngineStats {
  nowMs: number
  running: number
  waiting: number
  /** Blocks in use by requests / all blocks, 0-1. */
  kvUsage: number
  preemptions: number
  /** Prompt tokens looked up in the prefix cache, and found there. */
  prefixQueries: number
  prefixHits: number
  steps: number
  /** Sizes of batches that were compiled, and when the last one was; see `EngineConfig.compileMs`. */
  compilations: number
  compiledMs: number
}

/**
 * A model server in virtual time. It never looks at a clock: its owner says what time it is.
 *
 * At one instant the ends of steps come before arrivals: what is submitted at `t` joins the step
 * that begins at `t`, unless `nextEventMs` was asked in between (that commits the step).
 */
export interface Engine {
  /** Hands a request over. @throws RangeError when it could never run or the time goes back. */
  submit(request: EngineRequest, atMs: number): void
  /** When something happens next if nothing else is submitted; Infinity when idle. */
  nextEventMs(): number
  /** Moves the clock on. Returns the events up to and including `ms` ([] when a sink gets them). */
  advanceTo(ms: number): EngineEvent[]
  /** Takes a request out (client gone). False when it is not, or no longer, in the engine. */
  cancel(id: string): boolean
  stats(): EngineStats
}
