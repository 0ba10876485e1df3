import { wordList } from './words.ts'

/** Tokens that words (each with a space before it) add to a prompt; undefined when not counted. */
export type CostOf = (words: string) => Promise<number | undefined>

export interface FoundWords {
  badWords: number[]
  costs?: { words: number[]; tokens: number[] }
  warnings: string[]
}

/** How much the search may spend. */
export interface SearchLimits {
  /** Most requests. */
  requests: number
  /** Whether there is time for another request with so many words. */
  fits: (words: number) => boolean
  /** The same, where what is known would already do. */
  fitsEasily: (words: number) => boolean
}

/**
 * Positions of the words, shortest first. Tokenizers split the longer ones, which thus end up in groups
 * of their own and do not spoil others.
 */
function byLength(): number[] {
  const positions = wordList().map((_, i) => i)
  return positions.sort((a, b) => wordList()[a]!.length - wordList()[b]!.length || a - b)
}

/** A few words from all of the list. */
function sampleOf(words: readonly string[]): number[] {
  return Array.from({ length: 16 }, (_, k) => Math.floor(((k + 0.5) * words.length) / 16))
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
/** Without a common divisor with SINGLES: every word is tried once. */
const STRIDE = 19
/** With fewer than this, the means of groups tell more. */
const FEWEST_SINGLES = 12
/** Words in the text that checks and scales the single costs. */
const SCALE_WORDS = 480

/**
 * Finds words that cost one token each by group testing: a group that costs as many tokens as it has
 * words is good; one that costs a few more is halved. Where the tokenizer suits no list (bytes,
 * characters, small vocabularies), some words are measured by repetition, and their costs, which may be
 * fractions, are used. Without the time for that, each word costs the mean of its group.
 *
 * @param costOf counts the tokens that words add to a prompt
 */
export async function findWords(costOf: CostOf, limits: SearchLimits): Promise<FoundWords> {
  const order = byLength()
  const good: number[] = []
  const groups: Group[] = []
  let requests = 0
  let perWord = 1
  const mayTest = (size: number) =>
    requests < limits.requests &&
    (good.length < ENOUGH ? limits.fits(size * perWord) : limits.fitsEasily(size * perWord))
  /** Tries the words between two places in the order. @returns the excess tokens per word */
  const test = async (from: number, to: number): Promise<number> => {
    requests++
    const words = order.slice(from, to)
    const cost = await costOf(joined(words.map((i) => wordList()[i] ?? '')))
    if (cost === words.length) good.push(...words)
    if (cost === undefined) return words.length
    groups.push({ words, cost })
    return Math.abs(cost - words.length)
  }

  // A slow server may have no time for more than this one, which tells what a word costs in the mean.
  const sample = sampleOf(wordList())
  if (limits.fits(sample.length)) {
    requests++
    const cost = await costOf(joined(sample.map((i) => wordList()[i] ?? '')))
    if (cost !== undefined) groups.push({ words: sample, cost })
    perWord = Math.max(1, (cost ?? 0) / sample.length)
  }
  const open: [number, number][] = []
  for (let from = 0; from < wordList().length && mayTest(GROUP); from += GROUP) {
    const to = Math.min(wordList().length, from + GROUP)
    const excess = await test(from, to)
    if (excess > 0 && excess <= (to - from) * HOPELESS) open.push([from, to])
  }
  // Depth first, so that a group once begun is finished before the limit is reached; and the shortest
  // words first, hence the reversal.
  open.reverse()
  for (let range = open.pop(); range; range = open.pop()) {
    const [from, to] = range
    if (to - from <= SMALLEST || requests + 2 > limits.requests || good.length >= PLENTY) continue
    if (!mayTest(to - from)) continue
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
  return (await measureSingles(costOf, limits, perWord)) ?? meansOf(groups)
}

interface Group {
  words: readonly number[]
  cost: number
}

/** @returns undefined without the time for it */
async function measureSingles(
  costOf: CostOf,
  limits: SearchLimits,
  perWord: number,
): Promise<FoundWords | undefined> {
  const words: number[] = []
  const tokens: number[] = []
  for (let k = 0; k < SINGLES && limits.fits(REPEATS * perWord); k++) {
    // In strides, so that the words tried are from all of the list however many there is time for.
    const i = Math.floor((((k * STRIDE) % SINGLES) * wordList().length) / SINGLES)
    const cost = await costOf(` ${wordList()[i] ?? ''}`.repeat(REPEATS))
    if (cost === undefined || cost <= 0) continue
    words.push(i)
    tokens.push(cost / REPEATS)
  }
  if (words.length < FEWEST_SINGLES && !limits.fits(REPEATS * perWord)) return undefined
  if (words.length < 2) {
    const problem = 'the server counts hardly any word: prompt lengths are estimates'
    return { badWords: [], warnings: [problem] }
  }
  // A word among others may cost something else than the same word in a row, and counts are rounded.
  const order = Array.from({ length: SCALE_WORDS }, (_, i) => (i * 7) % words.length)
  const text = joined(order.map((i) => wordList()[words[i] ?? 0] ?? ''))
  const real = limits.fits(SCALE_WORDS * perWord) ? await costOf(text) : undefined
  const expected = order.reduce((sum, i) => sum + (tokens[i] ?? 0), 0)
  const factor = real === undefined || real <= 0 ? 1 : real / expected
  return withCosts(
    words,
    tokens.map((t) => t * factor),
    (expected * factor) / SCALE_WORDS,
    'words are measured one by one',
  )
}

/** The mean of its group for each word: right for long prompts, a few tokens off for short ones. */
function meansOf(groups: readonly Group[]): FoundWords {
  const counted = groups.filter(({ cost }) => cost > 0)
  const known = new Map<number, number>()
  // Later groups are parts of earlier ones, and know more.
  for (const { words, cost } of counted)
    for (const word of words) known.set(word, cost / words.length)
  if (known.size < 2) {
    const problem =
      'there was no time to count words: prompt lengths are estimates of one token a word'
    return { badWords: [], warnings: [problem] }
  }
  const tokens = [...known.values()]
  const mean = tokens.reduce((sum, t) => sum + t, 0) / tokens.length
  return withCosts([...known.keys()], tokens, mean, 'words are taken at the mean of their group')
}

function withCosts(words: number[], tokens: number[], mean: number, how: string): FoundWords {
  return {
    badWords: [],
    // Four decimals: enough for a prompt of a million words, and short when passed on as text.
    costs: { words, tokens: tokens.map((t) => Math.round(t * 1e4) / 1e4) },
    warnings: [
      `the server's tokenizer takes ${mean.toFixed(2)} tokens for a common English word: ${how}`,
    ],
  }
}

function joined(words: readonly string[]): string {
  return words.map((w) => ` ${w}`).join('')
}
