/** Words one after the other, each with a space before it. */
export interface LaidOut {
  text: string
  /** Offsets in the text before each word, and after the last, as character codes: they all fit. */
  offsets: string
}

export function layOut(words: readonly string[]): LaidOut {
  const text = ` ${words.join(' ')}`
  const offsets = [0]
  for (let i = 1, at = 0; i < words.length; i++) offsets[i] = at = text.indexOf(' ', at + 1)
  offsets[words.length] = text.length
  return { text, offsets: String.fromCharCode.apply(null, offsets) }
}

/**
 * Which word comes where. Xorshift (Marsaglia, 2003): without a multiplication it takes a third of the time.
 *
 * @param words how many there are to draw from
 * @param length how many to draw
 */
export function drawn(words: number, length: number): number[] {
  const order: number[] = []
  let state = 1
  for (let i = 0; i < length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    order[i] = (state >>> 0) % words
  }
  return order
}
