import { failed, PASSED } from './grade.ts'
import { normalised } from './normalise.ts'
import { SPACELESS } from './spaceless.ts'
import type { Grade, Grader } from './types.ts'

/** The answer is one of the expected texts, but for blanks around it. */
export const exact: Grader = ({ text }, { expected }) =>
  anyOf(expected, text, (one) => text.trim() === one.trim())

/** The same but for case, punctuation, articles and blanks; see `normalised`. */
export const same: Grader = ({ text }, { expected }) => {
  const given = normalised(text)
  return anyOf(expected, text, (one) => given === normalised(one))
}

/** The answer has one of the expected texts in it, as whole words, after the same normalisation. */
export const contains: Grader = ({ text }, { expected }) => {
  const given = ` ${normalised(text)} `
  return anyOf(expected, text, (one) => hasWords(given, normalised(one)))
}

function anyOf(
  expected: readonly string[] | undefined,
  text: string,
  fits: (one: string) => boolean,
): Grade | undefined {
  if (expected === undefined || expected.length === 0) return undefined
  if (expected.some(fits)) return PASSED
  return failed(text.trim() === '' ? 'empty' : 'different')
}

/** @param given normalised, with a blank at both ends */
function hasWords(given: string, words: string): boolean {
  if (words === '') return false
  // Where words have no spaces between them, there are no whole words to look for.
  return given.includes(HAS_SPACELESS.test(words) ? words : ` ${words} `)
}

const HAS_SPACELESS = new RegExp(`[${SPACELESS}]`)
