import type { Frame, Workload, WorkloadConfig } from '../types.ts'
import { singleKind } from './single.ts'

export const SUMMARIZE_FRAME: Frame = {
  key: 'summarize',
  parts: 1,
  build: ([words]) => ({
    messages: [
      { role: 'user', content: `${words}\n\nSummarize the text above in one short paragraph.` },
    ],
  }),
}

/** A long text to be summarized: long in, a paragraph out. */
export function summarize(config: WorkloadConfig): Workload {
  return singleKind(config, 'summarize', SUMMARIZE_FRAME)
}
