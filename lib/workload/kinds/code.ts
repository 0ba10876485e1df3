import type { Frame, Workload, WorkloadConfig } from '../types.ts'
import { batchedKind } from './batched.ts'
import { singleKind } from './single.ts'

/** A file being edited: what its author noted, then code that breaks off. */
function unfinished(words: string): string {
  return `"""\n${words}\n"""\nfrom dataclasses import dataclass\n\n\n@dataclass\nclass Item:\n    name: str\n    amount: int\n\n\ndef total(items: list[Item]) -> int:\n    result = 0\n    for item in items:\n        `
}

export const CODE_CHAT_FRAME: Frame = {
  key: 'code-chat',
  parts: 1,
  build: ([words]) => ({
    messages: [
      // The words come first: what stands before a nonce is found in the prefix cache.
      {
        role: 'user',
        content: `${words}\n\n${unfinished('Sum of amounts.')}\n\nContinue the code.`,
      },
    ],
  }),
}

export const CODE_FRAME: Frame = {
  key: 'code',
  parts: 1,
  build: ([words = '']) => ({ prompt: `${words}\n${unfinished('Sum of amounts.')}` }),
}

/**
 * Completion of code while typing: a file's beginning, very short out. By the completions API where
 * that is asked for (`API=completions`), else as a chat. Its bursts come from the arrivals.
 */
export function codeCompletion(config: WorkloadConfig): Workload {
  return isCompletions(config.api)
    ? batchedKind(config, 'code', 'prompt', CODE_FRAME)
    : singleKind(config, 'code', CODE_CHAT_FRAME)
}

/** Names of the legacy completions API, not of chat completions. */
export function isCompletions(api: string | undefined): boolean {
  return api !== undefined && /completion/.test(api) && !/chat/.test(api)
}
