import { drawn, layOut, type LaidOut } from './laid-out.ts'
import { wordList } from './words.ts'

/**
 * What most corpora are made of: all words of the list, in a drawn order and as they are. A bundle holds
 * them as literals (scripts/build/constants.mjs), which all VUs of a process share.
 */
export const ALL_WORDS: Readonly<Record<'corpus' | 'list', LaidOut>> = madeOf(wordList())

function madeOf(words: readonly string[]): Record<'corpus' | 'list', LaidOut> {
  const corpus = drawn(words.length).map((w) => words[w]!)
  return { corpus: layOut(corpus), list: layOut(words) }
}
