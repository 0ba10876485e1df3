const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const VALUES: ReadonlyMap<string, number> = new Map([
  ...UNITS.map((word, i) => [word, i] as const),
  ...TENS.map((word, i) => [word, (i + 2) * 10] as const),
])
const LARGE: ReadonlyMap<string, number> = new Map([
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
])

/**
 * The last number that a text writes in English words: `eighteen`, `twenty-four`, `three hundred and five`.
 * @returns undefined where it has none; `one` alone counts only where it is the whole text, being a pronoun
 */
export function numberInWords(text: string): number | undefined {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? []
  let found: number | undefined
  for (let i = 0; i < words.length;) {
    const read = readFrom(words, i)
    if (read === undefined) i++
    else {
      const alone = read.value === 1 && read.next === i + 1
      if (!alone || words.length === 1) found = read.value
      i = read.next
    }
  }
  return found
}

/** The number that begins at a word; `next` is the word behind it. */
function readFrom(
  words: readonly string[],
  from: number,
): { value: number; next: number } | undefined {
  if (!VALUES.has(words[from] as string)) return undefined
  let whole = 0
  let group = 0
  let i = from
  for (; i < words.length; i++) {
    const word = words[i] as string
    const value = VALUES.get(word)
    const large = LARGE.get(word)
    if (value !== undefined && fits(group, value)) group += value
    else if (word === 'hundred' && group > 0) group *= 100
    else if (large !== undefined) {
      whole += group * large
      group = 0
    } else if (word !== 'and' || !VALUES.has(words[i + 1] ?? '') || group % 100 !== 0) break
  }
  return { value: whole + group, next: i }
}

/** `twenty four` is one number, `four five` are two. */
function fits(group: number, value: number): boolean {
  if (group % 100 === 0) return true
  return value < 10 && value > 0 && group % 10 === 0 && group % 100 >= 20
}
