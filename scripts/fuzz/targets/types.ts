/** Something that reads what comes from outside. */
export interface Target {
  name: string
  /** Its share of the inputs, beside those of the others. */
  weight: number
  /** It reads byte strings, a character per byte, and no text. */
  bytes: boolean
  /** What it is for, well formed; mutations begin with one of these. */
  seeds(): readonly string[]
  /** Pieces that break such input, put in by mutations beside those that break any. */
  pieces: readonly string[]
  /**
   * Reads one input and throws when the reader breaks what it promises.
   * @param random 0 to 1, the same for the same input of the same seed
   */
  check(input: string, random: () => number): void | Promise<void>
}
