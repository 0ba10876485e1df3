import type { Frame, Workload, WorkloadConfig } from '../types.ts'
import { batchedKind } from './batched.ts'

export const EMBEDDINGS_FRAME: Frame = {
  key: 'embeddings',
  parts: 1,
  build: ([words = '']) => ({ input: words }),
}

/** Texts to embed, `batchSize` per request; no answer tokens. */
export function embeddings(config: WorkloadConfig): Workload {
  return batchedKind(config, 'embeddings', 'input', EMBEDDINGS_FRAME)
}
