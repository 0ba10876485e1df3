import type { Frame, Workload, WorkloadConfig } from '../types.ts'
import { singleKind } from './single.ts'

const PASSAGES = 4

export const RAG_FRAME: Frame = {
  key: 'rag',
  parts: PASSAGES,
  build: (passages) => ({
    messages: [
      {
        role: 'user',
        content:
          passages.map((p, i) => (i === 0 ? p : `\n\nPassage ${i + 1}: ${p}`)).join('') +
          '\n\nUse the passages above only. Which of them speaks of work, and what does it say? Answer in one sentence.',
      },
    ],
  }),
}

/** Retrieval-augmented answers: a few long passages and a question; long in, short out. */
export function rag(config: WorkloadConfig): Workload {
  return singleKind(config, 'rag', RAG_FRAME)
}
