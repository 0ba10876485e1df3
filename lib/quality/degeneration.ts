import { garbled, hasSpecialTokens, mixesScripts } from './characters.ts'
import { failed, PASSED } from './grade.ts'
import { loops, repeats } from './repetition.ts'
import type { Grader } from './types.ts'

/** Of a longer answer, its beginning and its end are looked at: work stays bounded whatever a server sends. */
const HALF = 16_384

/**
 * The answer is no wreck: neither empty nor cut off (where it was to be whole), without characters that no text
 * has, without scripts mixed inside words, without a loop at its end or phrases over and over. It needs no right
 * answer, and says nothing about one.
 */
export const degeneration: Grader = ({ text, finish, toolCalls }, { whole }) => {
  if (text.trim() === '') return toolCalls.length > 0 ? PASSED : failed('empty')
  const looked = text.length > 2 * HALF ? `${text.slice(0, HALF)}\n${text.slice(-HALF)}` : text
  if (garbled(looked)) return failed('garbled')
  if (mixesScripts(looked)) return failed('mixed_scripts')
  if (loops(looked)) return failed('loop')
  if (repeats(looked)) return failed('repeated')
  if (hasSpecialTokens(looked)) return failed('special_tokens')
  return whole === true && finish === 'length' ? failed('cut_off') : PASSED
}
