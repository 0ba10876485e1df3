import type { EncodeOptions } from './types.ts'

/** What a server was found to take, as far as it decides how requests are written. */
export interface Taken {
  model: string
  includeUsage: boolean
  maxCompletionTokens?: boolean | undefined
  continuousUsage?: boolean | undefined
}

/** How streamed requests are written for such a server. */
export function encodeOptions(taken: Taken): EncodeOptions {
  return {
    model: taken.model,
    stream: true,
    includeUsage: taken.includeUsage,
    maxCompletionTokens: taken.maxCompletionTokens === true,
    continuousUsage: taken.continuousUsage === true,
  }
}
