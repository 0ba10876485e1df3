import { wordList } from './words.ts'

/** Tokens that words (each with a space before it) add to a prompt; undefined when not counted. */
export type CostOf = (words: string) => Promise<number | undefined>

export interface FoundWords {
  badWords: number[]
  costs?: { words: number[]; tokens: number[] }
  warnings: string[]
}

/**
 * Positions of the words, shortest first. Tokenizers split the longer ones, which thus end up in groups
 * of their own and do not spoil others.
 */
function byLength(): number[] {
  const positions = wordList().map((_, i) => i)
  return positions.sort((a, b) => wordList()[a]!.length - wordList()[b]!.length || a - b)
}

/** Words tried with one request. */
const GROUP = 121
/** A smaller bad group is dropped whole: searching on would cost more than its words are worth. */
const SMALLEST = 8
/** Bisecting stops once this many words are known to be good … */
const PLENTY = 512
/** … and with fewer than this, words are measured one by one instead. */
const ENOUGH = 128
/** Excess tokens per word at which halving a group is not worth it. */
const HOPELESS = 0.2

/** Words measured one by one, and how often each is repeated in its request (the count's resolution). */
const SINGLES = 48
const REPEATS = 32
/** Words in the text that checks and scales the single costs. */
const SCALE_WORDS = 480

/**
 * Finds words that cost one token each by group testing: a group that costs as many tokens as it has
 * words is good; one that costs a few more is halved. Where the tokenizer suits no list (bytes,
 * characters, small vocabularies), some words are measured by repetition, and their costs, which may be
 * fractions, are used.
 *
 * @param costOf counts the tokens that words add to a prompt
 * @param limit most requests it may take
 */
export async function findWords(costOf: CostOf, limit: number): Promise<FoundWords> {
  const order = byLength()
  const good: number[] = []
  let requests = 0
  /** Tries the words between two places in the order. @returns the excess tokens per word */
  const test = async (from: number, to: number): Promise<number> => {
    requests++
    const words = order.slice(from, to)
    const cost = await costOf(joined(words.map((i) => wordList()[i] ?? '')))
    if (cost === words.length) good.push(...words)
    return cost === undefined ? words.length : Math.abs(cost - words.length)
  }

  const open: [number, number][] = []
  for (let from = 0; from < wordList().length && requests < limit; from += GROUP) {
    const to = Math.min(wordList().length, from + GROUP)
    const excess = await test(from, to)
    if (excess > 0 && excess <= (to - from) * HOPELESS) open.push([from, to])
  }
  // Depth first, so that a group once begun is finished before the limit is reached; and the shortest
  // words first, hence the reversal.
  open.reverse()
  for (let range = open.pop(); range; range = open.pop()) {
    const [from, to] = range
    if (to - from <= SMALLEST || requests + 2 > limit || good.length >= PLENTY) continue
    const middle = (from + to) >> 1
    if ((await test(middle, to)) > 0) open.push([middle, to])
    if ((await test(from, middle)) > 0) open.push([from, middle])
  }
  if (good.length >= ENOUGH) {
    const known = new Set(good)
    return {
      badWords: wordList()
        .map((_, i) => i)
        .filter((i) => !known.has(i)),
      warnings: [],
    }
  }
  return measureSingles(costOf)
}

async function measureSingles(costOf: CostOf): Promise<FoundWords> {
  const words: number[] = []
  const tokens: number[] = []
  for (let k = 0; k < SINGLES; k++) {
    const i = Math.floor((k * wordList().length) / SINGLES)
    const cost = await costOf(` ${wordList()[i] ?? ''}`.repeat(REPEATS))
    if (cost === undefined || cost <= 0) continue
    words.push(i)
    tokens.push(cost / REPEATS)
  }
  if (words.length < 2) {
    const problem = 'the server counts hardly any word: prompt lengths are estimates'
    return { badWords: [], warnings: [problem] }
  }
  // A word among others may cost something else than the same word in a row, and counts are rounded.
  const order = Array.from({ length: SCALE_WORDS }, (_, i) => (i * 7) % words.length)
  const text = joined(order.map((i) => wordList()[words[i] ?? 0] ?? ''))
  const real = await costOf(text)
  const expected = order.reduce((sum, i) => sum + (tokens[i] ?? 0), 0)
  const factor = real === undefined || real <= 0 ? 1 : real / expected
  const mean = (expected * factor) / SCALE_WORDS
  return {
    badWords: [],
    // Four decimals: enough for a prompt of a million words, and short when passed on as text.
    costs: { words, tokens: tokens.map((t) => Math.round(t * factor * 1e4) / 1e4) },
    warnings: [
      `the server's tokenizer takes ${mean.toFixed(2)} tokens for a common English word: words are measured one by one`,
    ],
  }
}

function joined(words: readonly string[]): string {
  return words.map((w) => ` ${w}`).join('')
}
