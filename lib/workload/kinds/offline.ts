import type { Frame, Workload, WorkloadConfig } from '../types.ts'
import { batchedKind } from './batched.ts'
import { isCompletions } from './code.ts'
import { singleKind } from './single.ts'

const TASK = 'List the five most important words of the text above, one a line, with a reason each.'

export const OFFLINE_CHAT_FRAME: Frame = {
  key: 'offline-chat',
  parts: 1,
  build: ([words]) => ({ messages: [{ role: 'user', content: `${words}\n\n${TASK}` }] }),
}

export const OFFLINE_FRAME: Frame = {
  key: 'offline',
  parts: 1,
  build: ([words = '']) => ({ prompt: `${words}\n\n${TASK}\n\n` }),
}

/**
 * Offline batch: documents processed as fast as the server can, for throughput. Meant for a closed loop.
 * With completions, one request carries several prompts (`batchSize`); a chat request carries one.
 */
export function offline(config: WorkloadConfig): Workload {
  return isCompletions(config.api)
    ? batchedKind(config, 'offline', 'prompt', OFFLINE_FRAME)
    : singleKind(config, 'offline', OFFLINE_CHAT_FRAME)
}
