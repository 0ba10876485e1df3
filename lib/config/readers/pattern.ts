import { refusal, value, type Read } from './outcome.ts'

/** Reads a regular expression; the value is its text, as configurations are shown as JSON. */
export function readPattern(text: string): Read<string> {
  try {
    return new RegExp(text).test('') ? refusal('matches nothing at all') : value(text)
  } catch (error) {
    return refusal((error as Error).message)
  }
}
