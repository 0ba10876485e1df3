import { SPACELESS } from './spaceless.ts'
import type { GradedAnswer } from './types.ts'

/**
 * A word with the blanks before it; of scripts without spaces, a character. Servers stream text and not tokens, so
 * words are what positions can be counted in.
 */
const WORD = new RegExp(`\\s*(?:[${SPACELESS}]|[^\\s${SPACELESS}]+)|\\s+$`, 'g')

/** Words whose place is known; of those behind them, only whether all are the same. */
const MOST_WORDS = 4096

/** FNV-1a, 32 bits (Fowler, Noll, Vo): one step per character, and never the same again once it differed. */
const OFFSET = 0x811c9dc5
const PRIME = 0x01000193

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Hexadecimal digits of the hash of the whole. */
const WHOLE = 8
/** Digits of the hash after a word, 12 bits: one word in 4,096 that differs is noticed at the next one. */
const PER_WORD = 2

/**
 * What an answer says, as hashes that tell whether, and from which word on, another one says something else. They do
 * not give the text away but to someone who guesses it.
 * @returns 8 digits for the whole, then 2 for the text up to each word
 */
export function fingerprintOf({
  text,
  toolCalls,
}: Pick<GradedAnswer, 'text' | 'toolCalls'>): string {
  const calls = toolCalls.map((call) => ` ${call.name} ${call.arguments}`)
  let hash = OFFSET
  let words = ''
  let count = 0
  for (const word of (text + calls.join('')).match(WORD) ?? []) {
    for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), PRIME)
    if (count++ < MOST_WORDS) words += digitsOf(hash)
  }
  return (hash >>> 0).toString(16).padStart(WHOLE, '0') + words
}

function digitsOf(hash: number): string {
  const folded = hash ^ (hash >>> 12) ^ (hash >>> 24)
  return DIGITS.charAt((folded >>> 6) & 63) + DIGITS.charAt(folded & 63)
}

/**
 * Where two answers part.
 * @returns the first word that differs, from 1 (of the shorter one, the word after its last); undefined where they
 *   are the same
 */
export function firstDifference(a: string, b: string): number | undefined {
  if (a.slice(0, WHOLE) === b.slice(0, WHOLE)) return undefined
  for (let at = WHOLE, word = 1; ; at += PER_WORD, word++) {
    const [one, other] = [a.slice(at, at + PER_WORD), b.slice(at, at + PER_WORD)]
    if (one !== other || one === '') return word
  }
}
