/** Holds bytes until the rest of them arrives. */
export interface Carry {
  readonly length: number
  add(text: string): void
  /** @returns everything held, and forgets it */
  take(): string
}

/**
 * Each `+=` copies the whole string in k6's engine, so an endless line in small reads would cost its
 * length squared. Small pieces are therefore collected, and large ones joined only at the end.
 */
export function createCarry(): Carry {
  let pieces: string[] = []
  let last = ''
  let length = 0
  return {
    get length() {
      return length
    },
    add(text) {
      length += text.length
      last += text
      if (last.length < 4096) return
      pieces.push(last)
      last = ''
    },
    take() {
      const whole = pieces.length === 0 ? last : pieces.join('') + last
      if (pieces.length > 0) pieces = []
      last = ''
      length = 0
      return whole
    },
  }
}
