import type { Frame, Workload, WorkloadConfig } from '../types.ts'
import { singleKind } from './single.ts'

export const CHAT_FRAME: Frame = {
  key: 'chat',
  parts: 1,
  build: ([words]) => ({
    messages: [
      { role: 'user', content: `${words}\n\nTell me in your own words what this is about.` },
    ],
  }),
}

/** Single chat turns: one user message, no history. */
export function chat(config: WorkloadConfig): Workload {
  return singleKind(config, 'chat', CHAT_FRAME)
}
