/** A continuous-batching engine. One step takes
 * `stepBaseMs + perRequestMs · decoding requests + perKvTokenMs · tokens in their KV cache
 *  + 1000 · prefill tokens / prefillTokensPerS`, times the noise. */
export interface EngineConfig {
  stepBaseMs: number
  perRequestMs: number
  /** Attention over long contexts: ms per step for each token in the context of a decoding request. */
  perKvTokenMs: number
  prefillTokensPerS: number
  /** Tokens that one step may compute; longer prompts are prefilled in chunks of what is left. */
  maxBatchedTokens: number
  /** Requests in the batch at the same time (vLLM's `max_num_seqs`). */
  maxRunning: number
  /** Tokens in a KV-cache block. */
  blockSize: number
  kvBlocks: number
  prefixCaching: boolean
  /** Standard deviation of a step's length, relative; 0 = none. */
  stepNoise: number
  /**
   * A cold server compiles as it goes: by so many ms a step takes longer that is the first with so many decoding
   * requests, in powers of eight. Smaller batches are padded to one that is compiled. 0 = warm.
   */
  compileMs: number
  seed: number
}

/** About an 8B model on one large GPU. */
export const defaultEngineConfig: EngineConfig = {
  stepBaseMs: 8,
  perRequestMs: 0.1,
  perKvTokenMs: 0,
  prefillTokensPerS: 20_000,
  maxBatchedTokens: 2048,
  maxRunning: 64,
  blockSize: 16,
  kvBlocks: 16_384,
  prefixCaching: true,
  stepNoise: 0,
  compileMs: 0,
  seed: 1,
}

/** Size of the batch that a step is compiled for, see {@link EngineConfig}. @param decoding requests that decode in it */
export function compiledFor(decoding: number): number {
  return decoding === 0 ? 0 : 8 ** Math.ceil(Math.log2(decoding) / 3)
}

/** Problems of a configuration, all at once; [] when it is fine. */
export function checkEngineConfig(config: EngineConfig): string[] {
  const problems: string[] = []
  for (const [name, value] of Object.entries(config)) {
    if (typeof value === 'number' && !Number.isFinite(value))
      problems.push(`engine.${name} is ${value}; a finite number is accepted`)
  }
  for (const name of ['maxBatchedTokens', 'maxRunning', 'blockSize', 'kvBlocks'] as const) {
    if (!Number.isInteger(config[name]) || config[name] < 1)
      problems.push(`engine.${name} is ${config[name]}; a whole number from 1 is accepted`)
  }
  const lengths = ['stepBaseMs', 'perRequestMs', 'perKvTokenMs', 'stepNoise', 'compileMs'] as const
  for (const name of lengths) {
    if (config[name] < 0) problems.push(`engine.${name} is ${config[name]}; 0 or more is accepted`)
  }
  if (!(config.prefillTokensPerS > 0))
    problems.push(
      `engine.prefillTokensPerS is ${config.prefillTokensPerS}; more than 0 is accepted`,
    )
  if (config.stepBaseMs + config.perRequestMs <= 0)
    problems.push('engine.stepBaseMs and engine.perRequestMs are both 0: steps would take no time')
  // A running request computes at least one token per step, or decoding could starve.
  if (config.maxBatchedTokens < config.maxRunning)
    problems.push(
      `engine.maxBatchedTokens is ${config.maxBatchedTokens}; at least maxRunning (${config.maxRunning}) is accepted`,
    )
  return problems
}
