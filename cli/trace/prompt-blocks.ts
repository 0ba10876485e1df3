import { createHmac, randomBytes } from 'node:crypto'

/** About 512 tokens of 4 characters, the block of Mooncake's traces. */
export const BLOCK_CHARS = 2048
/** So many different blocks are kept apart; about 100 bytes each. */
const MOST_BLOCKS = 5_000_000

/**
 * Numbers for the blocks of prompts: two prompts have equal numbers as far as they begin alike, in
 * blocks of 2,048 characters, and nothing else of the text is left. Each block's hash goes over the
 * one before it, as in an engine's prefix cache. The key is random and forgotten, and the numbers
 * are only counted up, so a guess at a text cannot be checked against them.
 */
export function promptBlocks() {
  const key = randomBytes(32)
  const known = new Map<string, number>()
  return (prompt: string): number[] => {
    const ids: number[] = []
    let before = ''
    for (let at = 0; at < prompt.length; at += BLOCK_CHARS) {
      before = createHmac('sha256', key)
        .update(before)
        .update(prompt.slice(at, at + BLOCK_CHARS))
        .digest('base64url')
        .slice(0, 22)
      let id = known.get(before)
      if (id === undefined) {
        if (known.size >= MOST_BLOCKS)
          throw new RangeError(`more than ${MOST_BLOCKS} blocks of prompts`)
        id = known.size
        known.set(before, id)
      }
      ids.push(id)
    }
    return ids
  }
}
