import type { Config } from '../config/index.ts'
import type { WorkloadVariables } from './types.ts'

/** The variables for content, under the names that workloads use. */
export function workloadVariables(config: Config): WorkloadVariables {
  const { values: v } = config
  return {
    ...config,
    cache: v.CACHE,
    prefixShare: v.PREFIX_SHARE,
    prefixPool: v.PREFIX_POOL,
    batchSize: v.BATCH_SIZE,
    turns: v.TURNS,
    think: v.THINK_TIME,
    turnTokens: v.TURN_TOKENS,
  }
}
