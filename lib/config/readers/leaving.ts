import { readDuration } from './duration.ts'
import { refusal, value, type Read } from './outcome.ts'

/** After so many chunks of the answer, or so long after sending. */
export type Leaving = { readonly chunks: number } | { readonly ms: number }

/** Reads when a user leaves: `20 tokens`, `1 token`, or a duration such as `2s`. */
export function readLeaving(text: string): Read<Leaving> {
  const [, tokens] = /^(\d{1,7})\s*tokens?$/.exec(text) ?? []
  if (tokens !== undefined) {
    return Number(tokens) > 0 ? value({ chunks: Number(tokens) }) : refusal('after no token at all')
  }
  if (/^\d+$/.test(text)) return refusal(`has no unit: ${text} tokens or ${text}s?`)
  const read = readDuration(text)
  if (!read.ok) return refusal('neither a number of tokens nor a duration')
  return read.value > 0 ? value({ ms: read.value }) : refusal('at once: nothing would be sent')
}
