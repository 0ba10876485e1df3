import { hashText } from '../random.ts'
import { wordList, WORDS_VERSION } from './words.ts'

/**
 * What a token costs on one server, as plain JSON. It can be saved and passed to later runs; the pods of
 * one run need that, since each runs `setup()`.
 */
export interface Calibration {
  version: 1
  /** Version of the word list that `badWords` and `costs` refer to. */
  wordList: number
  /** `usage`/`tokenize`: counted by the server; `none`: nothing was counted, and every length is an estimate. */
  source: 'usage' | 'tokenize' | 'none'
  /** Hash of `badWords` and `costs`: cheap to compare, because k6 gives out setup data anew each time. */
  wordsKey: number
  /** Positions of words that are not used, because they cost more than one token or were not tried. */
  badWords: number[]
  /** Where (nearly) no word costs one token: the words used instead, and the cost of each. */
  costs?: { words: number[]; tokens: number[] }
  /** Tokens of each frame without its words: template, fixed text, tools. */
  overheads: Record<string, number>
  /** Tokens that a further turn adds (answer and question) besides its words. */
  turnOverhead: number
  /** Whole prompts counted at the end: the wanted length, and the server's count. */
  checks: { wanted: number; counted: number }[]
  /** Requests that the calibration took. */
  requests: number
  warnings: string[]
}

/** Within 2 % or 2 tokens of the target, as promised for 95 % of prompts. */
export function withinBound(wanted: number, counted: number): boolean {
  return Math.abs(counted - wanted) <= Math.max(2, wanted * 0.02)
}

export function keyOfWords(badWords: readonly number[], costs: Calibration['costs']): number {
  return hashText(JSON.stringify([badWords, costs ?? null]))
}

/** A calibration without counts: one token per word, template and fixed text guessed. */
export function uncalibrated(): Calibration {
  return {
    version: 1,
    wordList: WORDS_VERSION,
    source: 'none',
    wordsKey: keyOfWords([], undefined),
    badWords: [],
    overheads: {},
    turnOverhead: 8,
    checks: [],
    requests: 0,
    warnings: [],
  }
}

/**
 * Reads a saved calibration.
 *
 * @param text JSON, as `JSON.stringify` wrote it
 * @returns the calibration, or what is wrong with it
 */
export function parseCalibration(
  text: string,
): { ok: true; calibration: Calibration } | { ok: false; problem: string } {
  const bad = (problem: string) => ({ ok: false as const, problem: `calibration: ${problem}` })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return bad(`not JSON (begins with ${JSON.stringify(text.slice(0, 40))})`)
  }
  if (typeof value !== 'object' || value === null) return bad('not a JSON object')
  const c = value as Partial<Calibration>
  if (c.version !== 1) return bad(`version is ${JSON.stringify(c.version)}, this one reads 1`)
  if (c.wordList !== WORDS_VERSION)
    return bad(`made with word list ${JSON.stringify(c.wordList)}, this is ${WORDS_VERSION}`)
  if (c.source !== 'usage' && c.source !== 'tokenize' && c.source !== 'none')
    return bad(`source is ${JSON.stringify(c.source)}, accepted: usage, tokenize, none`)
  if (!isPositions(c.badWords))
    return bad(`badWords must be positions from 0 to ${wordList().length - 1}`)
  if (c.badWords.length > wordList().length - 2 && !c.costs) return bad('badWords leaves no words')
  if (c.costs !== undefined) {
    const { words, tokens } = c.costs
    const fits = isPositions(words) && words.length > 1 && isAmounts(tokens, words.length)
    if (!fits || tokens.some((t) => t <= 0)) return bad('costs must hold words and their tokens')
  }
  const overheads = c.overheads
  if (typeof overheads !== 'object' || overheads === null || Array.isArray(overheads))
    return bad('overheads must be an object of token counts')
  if (!isAmounts(Object.values(overheads))) return bad('overheads must be token counts')
  if (!isAmounts([c.turnOverhead])) return bad('turnOverhead must be a token count')
  return {
    ok: true,
    calibration: {
      ...uncalibrated(),
      ...(c as Calibration),
      wordsKey: keyOfWords(c.badWords, c.costs),
      checks: Array.isArray(c.checks) ? c.checks : [],
      warnings: Array.isArray(c.warnings) ? c.warnings : [],
      requests: typeof c.requests === 'number' ? c.requests : 0,
    },
  }
}

function isPositions(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.every((v) => Number.isInteger(v) && v >= 0 && v < wordList().length) &&
    new Set(value).size === value.length
  )
}

function isAmounts(value: unknown, length?: number): value is number[] {
  return (
    Array.isArray(value) &&
    (length === undefined || value.length === length) &&
    value.every((v) => typeof v === 'number' && Number.isFinite(v) && v >= 0)
  )
}
