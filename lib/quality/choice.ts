import { failed, PASSED } from './grade.ts'
import { normalised } from './normalise.ts'
import type { Grader } from './types.ts'

/** More choices than this have no letters. */
const MOST = 26
const FEWEST = 2
/** As in most sets, where a task does not list its choices. */
const USUAL = 4
/** Of a longer answer, its end has the choice. */
const TAIL = 4000

/**
 * The choice that the answer names is the expected one (a letter, A being the first). It is the letter of the
 * last statement such as "the answer is (C)", `\boxed{C}` or **C**; else the letter that the answer begins with
 * or that stands alone on a line; else the only bracketed letter; else the only choice whose text it repeats.
 * Two different letters as the answer are none.
 */
export const choice: Grader = ({ text }, { expected, choices }) => {
  const wanted = (expected ?? []).flatMap((one) => letterOf(one) ?? [])
  if (wanted.length === 0) return undefined
  if (text.trim() === '') return failed('empty')
  const count = Math.min(MOST, Math.max(FEWEST, choices?.length ?? USUAL))
  const end = text.slice(-TAIL)
  const found = lettersIn(end, count)
  const named = found.length > 0 ? found : choicesIn(end, choices ?? [])
  if (named.length === 0) return failed('no_answer')
  if (named.length > 1) return failed('ambiguous')
  return wanted.includes(named[0] as string) ? PASSED : failed('wrong')
}

function letterOf(text: string): string | undefined {
  const [, letter] = /^\s*[([]?([A-Za-z])[)\].:]?\s*$/.exec(text) ?? []
  return letter?.toUpperCase()
}

/** What gives the letter of a choice, for one number of choices. */
interface Patterns {
  /** Say that it is the answer; the last one counts. */
  statements: readonly RegExp[]
  /** By its place or form; the first pattern that finds any decides. */
  places: readonly RegExp[]
}

/** Made once for each number of choices: making them takes longer than using them. */
const made = new Map<number, Patterns>()

function patternsFor(count: number): Patterns {
  let patterns = made.get(count)
  if (patterns === undefined) made.set(count, (patterns = makePatterns(count)))
  return patterns
}

function makePatterns(count: number): Patterns {
  const last = String.fromCharCode(64 + count)
  const upper = `[A-${last}]`
  const any = `[A-${last}a-${last.toLowerCase()}]`
  const open = String.raw`(?:\*\*|__|["'\u201c\u2018(\[{]|\\boxed\s*\{|\\text\s*\{|\\mathrm\s*\{|\s)*`
  const more = String.raw`(?:[\])*"'}\u2019\u201d\s]*(?:or|and|/|,|&)\s*${open}(${upper})(?![\w'\u2019]))?`
  const says = String.raw`(?:[Aa]nswer|ANSWER|[Oo]ption|[Cc]hoice)\b(?:\s+(?:choice|option|letter))?\s*(?:is|are|would be|will be|should be|must be|:|=|\u2192|-)?\s*(?:(?:option|choice|letter)\b)?:?`
  const pattern = (flags: string, source: string) => new RegExp(source, flags)
  return {
    statements: [
      pattern('g', String.raw`${says}${open}(${upper})(?![\w'\u2019])${more}`),
      pattern('g', String.raw`\\boxed\s*\{${open}(${any})(?!\w)`),
      pattern('gm', String.raw`(?:[Aa]nswer|ANSWER)\s*(?:is|:)\s*${open}(${any})[)\]*.}\s]*$`),
    ],
    places: [
      pattern(
        '',
        String.raw`^\s*${open}(${any})(?:[)\]*"'\u201d}.:\s]*$|\s*[)\].:*](?=\s|$|\*)(?!\s*(?:or|and|/|,|&)\b))`,
      ),
      pattern('gm', String.raw`^[ \t]*${open}(${upper})[)\]*"'}.:]*[ \t]*$`),
      pattern('g', String.raw`[([*](${upper})[)\]*]`),
      pattern('', String.raw`^\s*(${upper})(?:,|\s+(?:because|since|as)\b)`),
      pattern(
        'g',
        String.raw`(?:^|\s)(${upper})\s+(?:is|seems|looks)\s+(?:the\s+)?(?:correct|right|best|true)\b`,
      ),
    ],
  }
}

const NEGATED = /\b(?:not|n't|isn't|never|eliminate|exclude|rule out)\s*$/i

/** The letters that an answer gives, by the first of the ways that finds any. */
function lettersIn(text: string, count: number): string[] {
  const { statements, places } = patternsFor(count)
  let stated: { at: number; letters: string[] } | undefined
  for (const pattern of statements) {
    for (const match of text.matchAll(pattern)) {
      const at = match.index
      if (stated !== undefined && at <= stated.at) continue
      if (NEGATED.test(text.slice(Math.max(0, at - 20), at))) continue
      stated = { at, letters: distinct(match.slice(1)) }
    }
  }
  if (stated !== undefined) return stated.letters
  for (const pattern of places) {
    const letters = pattern.global
      ? [...text.matchAll(pattern)].map((match) => match[1])
      : [pattern.exec(text)?.[1]]
    const named = distinct(letters)
    if (named.length > 0) return named
  }
  return []
}

function distinct(letters: readonly (string | undefined)[]): string[] {
  return [...new Set(letters.flatMap((letter) => letter?.toUpperCase() ?? []))]
}

/** Choices whose text stands in the answer; of one inside another, the longer one. */
function choicesIn(text: string, choices: readonly string[]): string[] {
  const given = ` ${normalised(text)} `
  const words = choices.map(normalised)
  const there = words.flatMap((one, i) => (one !== '' && given.includes(` ${one} `) ? [i] : []))
  return there
    .filter((i) => !there.some((j) => j !== i && ` ${words[j]} `.includes(` ${words[i]} `)))
    .map((i) => String.fromCharCode(65 + i))
}
