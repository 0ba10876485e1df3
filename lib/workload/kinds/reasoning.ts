import type { Frame, Workload, WorkloadConfig } from '../types.ts'
import { singleKind } from './single.ts'

export const REASONING_FRAME: Frame = {
  key: 'reasoning',
  parts: 1,
  build: ([words]) => ({
    messages: [
      {
        role: 'user',
        content: `${words}\n\nOf the words above, how many have more vowels than consonants, and what is the sum of their lengths? Think step by step, check your result in a second way, then give the two numbers.`,
      },
    ],
  }),
}

/** A problem that makes a reasoning model think for long: short in, long out. */
export function reasoning(config: WorkloadConfig): Workload {
  return singleKind(config, 'reasoning', REASONING_FRAME)
}
