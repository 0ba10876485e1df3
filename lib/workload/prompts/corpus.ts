import type { Calibration } from './calibration.ts'
import { ALL_WORDS } from './all-words.ts'
import { drawn, layOut, LENGTH, type LaidOut } from './laid-out.ts'
import { wordList } from './words.ts'

/**
 * First word of every prompt. It is fixed, because a word at the very start (with no space before it)
 * may cost more or fewer tokens than inside the text; this way the difference is part of a frame's overhead.
 */
export const OPENER = 'Note'

/** A nonce can tell 2^32 prompts apart. */
const NONCE_BITS = 32

/** A long text of which every stretch has a known cost in tokens. */
export interface Corpus {
  /** Most words in a nonce: enough to spell 32 bits. */
  nonceWords: number
  /** Number of words to start at: `stretch` takes a start in [0, length). */
  length: number
  /** Mean tokens per word. */
  tokensPerWord: number
  /**
   * The words, each with a space before it, whose tokens come closest to a budget.
   * @param start index of the first word
   * @param tokens budget, tokens
   * @returns the text and its cost by the calibration, tokens
   */
  stretch(start: number, tokens: number): Piece
  /**
   * Spells a 32-bit number in words; different numbers give different words.
   * @param limit most words to use (0 … nonceWords)
   */
  spell(value: number, limit?: number): Piece
}

export interface Piece {
  text: string
  tokens: number
}

let built: { key: number; corpus: Corpus } | undefined

/** The words that a calibration allows, as they are and laid out in a drawn order. */
function laidOutFor(calibration: Calibration): {
  corpus: LaidOut
  list: LaidOut
  order?: number[]
} {
  if (calibration.badWords.length === 0 && !calibration.costs) return ALL_WORDS
  const words = usableWords(calibration)
  const order = drawn(words.length)
  return { corpus: layOut(order.map((w) => words[w]!)), list: layOut(words), order }
}

/**
 * The corpus for a calibration; built once per VU and kept. With words of its own it takes some 2 ms.
 * Prompts are slices of one text, not words joined one by one: k6's engine runs loops some hundred times
 * slower than V8, and a prompt of 4,000 tokens should cost well under a millisecond.
 */
export function corpusFor(calibration: Calibration): Corpus {
  const key = calibration.wordsKey
  if (built?.key !== key) built = { key, corpus: buildCorpus(calibration) }
  return built.corpus
}

function buildCorpus(calibration: Calibration): Corpus {
  const { corpus, list, order = [] } = laidOutFor(calibration)
  const { text, offsets } = corpus
  const tokens = calibration.costs && [...calibration.costs.tokens]
  const base = list.offsets.length - 1
  const spent = tokens && spentOf(order, tokens)
  const offsetOf = (i: number) => offsets.charCodeAt(i)
  const word = (i: number) =>
    list.text.slice(list.offsets.charCodeAt(i), list.offsets.charCodeAt(i + 1))
  const costBefore = spent ? (i: number) => spent[i]! : (i: number) => i
  const round = costBefore(LENGTH)

  const cut = (start: number, whole: number, end: number): string => {
    if (whole === 0) return text.slice(offsetOf(start), offsetOf(end))
    return text.slice(offsetOf(start)) + text.repeat(whole - 1) + text.slice(0, offsetOf(end))
  }

  const endings = tokens ? endingsOf(usableWords(calibration), tokens) : undefined

  const stretch = (start: number, tokensWanted: number): Piece => {
    const budget = Math.max(0, tokensWanted)
    const from = costBefore(start)
    const whole = Math.floor((from + budget) / round)
    const within = from + budget - whole * round
    if (!endings || !spent) {
      const end = Math.round(within)
      return { text: cut(start, whole, end), tokens: whole * round + costBefore(end) - from }
    }
    // Words cost several tokens, or fractions: stop a little early and close with whatever fits best.
    let best: { end: number; ending: Piece; error: number } | undefined
    const last = lastAtMost(spent, within)
    const first = whole === 0 ? start : 0
    for (let end = last; end >= Math.max(first, last - 2); end--) {
      const ending = nearest(endings, within - spent[end]!)
      const error = Math.abs(within - spent[end]! - ending.tokens)
      if (!best || error < best.error) best = { end, ending, error }
    }
    const { end, ending } = best ?? { end: start, ending: { text: '', tokens: 0 } }
    return {
      text: cut(start, whole, end) + ending.text,
      tokens: whole * round + spent[end]! - from + ending.tokens,
    }
  }

  const nonceWords = Math.ceil((NONCE_BITS * Math.LN2) / Math.log(base))
  const spell = (value: number, limit = nonceWords): Piece => {
    let rest = value
    let spelt = ''
    let cost = 0
    const words = Math.min(limit, nonceWords)
    for (let i = 0; i < words; i++) {
      const digit = rest % base
      rest = Math.floor(rest / base)
      spelt += word(digit)
      cost += tokens?.[digit] ?? 1
    }
    return { text: spelt, tokens: cost }
  }

  return { nonceWords, length: LENGTH, tokensPerWord: round / LENGTH, stretch, spell }
}

/** Cost before each word, and after the last. */
function spentOf(order: readonly number[], tokens: readonly number[]): Float64Array {
  const spent = new Float64Array(LENGTH + 1)
  order.forEach((w, i) => (spent[i + 1] = spent[i]! + (tokens[w] ?? 1)))
  return spent
}

/** Nothing, single words and pairs of words, one for every cost that occurs, sorted by cost. */
function endingsOf(words: readonly string[], tokens: readonly number[]): Piece[] {
  const byCost = new Map<number, Piece>()
  const offer = (text: string, cost: number) => {
    // One per twentieth of a token is enough: this keeps the list short when many costs occur.
    const step = Math.round(cost * 20)
    if (!byCost.has(step)) byCost.set(step, { text, tokens: cost })
  }
  offer('', 0)
  for (const [i, a] of words.entries()) {
    const cost = tokens[i] ?? 1
    offer(` ${a}`, cost)
    for (let j = 0; j <= i; j++) offer(` ${a} ${words[j] ?? ''}`, cost + (tokens[j] ?? 1))
  }
  return [...byCost.values()].sort((a, b) => a.tokens - b.tokens)
}

function nearest(endings: readonly Piece[], wanted: number): Piece {
  let low = 0
  let high = endings.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((endings[middle]?.tokens ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  const above = endings[low] ?? { text: '', tokens: 0 }
  const under = endings[low - 1]
  return under && wanted - under.tokens < above.tokens - wanted ? under : above
}

/** Last index whose value is at most `limit`; the values ascend from 0. */
function lastAtMost(table: Float64Array, limit: number): number {
  let low = 0
  let high = table.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (table[middle]! <= limit) low = middle
    else high = middle - 1
  }
  return low
}

/** The words that a calibration allows. */
function usableWords(calibration: Calibration): readonly string[] {
  const all = wordList()
  // A copy: setup data is slow to read in k6.
  if (calibration.costs) return [...calibration.costs.words].map((i) => all[i] ?? '')
  const bad = new Set(calibration.badWords)
  return all.filter((_, i) => !bad.has(i))
}
