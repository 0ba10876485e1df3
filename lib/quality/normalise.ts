/**
 * Text as it is compared. Character classes are written out: k6's engine has no `\p{…}`. What follows is
 * ASCII punctuation, and that of Latin-1, General Punctuation, CJK and full-width forms.
 */
const PUNCTUATION =
  /[!-/:-@[-`{-~\u00a1-\u00bf\u00d7\u00f7\u2010-\u205e\u3001-\u3003\u3008-\u3020\u3030\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]/g
const ARTICLES = /(^| )(?:a|an|the)(?= |$)/g
// Most answers have nothing else, and the other classes are slow to search for.
// oxlint-disable-next-line no-control-regex
const ASCII = /^[\u0000-\u007f]*$/
const SPACES = /\s+/g
/** Scripts written without spaces between words: each of their characters is a word of its own. */
const SPACELESS =
  /([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])/g

/**
 * Lower case, one form for characters that look alike (NFKC), no punctuation but inside numbers, times and
 * words (`0.5`, `3:25`, `1/4`, `e-mail`), no English articles, single spaces.
 */
export function normalised(text: string): string {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2018\u2019]/g, "'")
  const kept = plain
    .replace(/(\w)([.,:/'-])(?=\w)/g, (_, before: string, mark: string) => before + KEPT[mark]!)
    .replace(PUNCTUATION, ' ')
    .replace(/[\ue000-\ue005]/g, (mark) => MARKS[mark.charCodeAt(0) - FIRST_KEPT]!)
  return withoutArticles(kept)
}

/** Marks that stay inside words and numbers, put aside as private characters meanwhile. */
const MARKS = ['.', ',', ':', '/', "'", '-'] as const
const FIRST_KEPT = 0xe000
const KEPT: Readonly<Record<string, string>> = Object.fromEntries(
  MARKS.map((mark, i) => [mark, String.fromCharCode(FIRST_KEPT + i)]),
)

/**
 * The words of a text as SQuAD's evaluation takes them (`normalize_answer` of evaluate-v1.1.py: lower case,
 * no punctuation, no articles, split at white space). Wider in two ways: punctuation beyond ASCII goes as
 * well, and characters of scripts without spaces are words of their own, as in MLQA's evaluation.
 */
export function squadWords(text: string): string[] {
  const plain = spaced(text.toLowerCase().replace(PUNCTUATION, ''))
  const words = withoutArticles(plain)
  return words === '' ? [] : words.split(' ')
}

function withoutArticles(text: string): string {
  return text.replace(SPACES, ' ').replace(ARTICLES, '$1').replace(SPACES, ' ').trim()
}

/** Words of a text for counting what repeats: as written, and characters where there are no spaces. */
export function wordsOf(text: string): string[] {
  return spaced(text.toLowerCase()).split(/\s+/).filter(Boolean)
}

function spaced(text: string): string {
  return ASCII.test(text) ? text : text.replace(SPACELESS, ' $1 ')
}
