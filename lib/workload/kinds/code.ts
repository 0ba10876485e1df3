import type { Frame, Workload, WorkloadConfig } from '../types.ts'
import { batchedKind } from './batched.ts'
import { singleKind } from './single.ts'

/** A file being edited: the author's notes, then code that breaks off. */
function unfinished(words: string): string {
  return `"""\n${words}\n"""\nfrom dataclasses import dataclass\n\n\n@dataclass\nclass Item:\n    name: str\n    amount: int\n\n\ndef total(items: list[Item]) -> int:\n    result = 0\n    for item in items:\n        `
}

export const CODE_CHAT_FRAME: Frame = {
  key: 'code-chat',
  parts: 1,
  build: ([words]) => ({
    messages: [
      // The words come first: text before a nonce would be found in the prefix cache.
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
 * Completion of code while typing: the beginning of a file in, very short out. Uses the completions API
 * where asked (`API=completions`), else chat. Bursts come from the arrivals.
 */
export function codeCompletion(config: WorkloadConfig): Workload {
  return isCompletions(config.api)
    ? batchedKind(config, 'code', 'prompt', CODE_FRAME)
    : singleKind(config, 'code', CODE_CHAT_FRAME)
}

/** Whether an API name is that of the legacy completions API rather than chat completions. */
export function isCompletions(api: string | undefined): boolean {
  return api !== undefined && /completion/.test(api) && !/chat/.test(api)
}
