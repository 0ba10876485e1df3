import { CONTROL } from './clean.ts'
import { maskUrls } from './mask-url.ts'
import { secretsIn, spellingsOf } from './secrets.ts'
import type { Spelling } from './secrets.ts'

/** Makes what a server wrote fit to be shown and kept. */
export interface Redactor {
  /** A message: one line of at most 200 printable characters, without secrets and passwords in addresses. */
  line(text: string): string
  /** Any text, of any length: only the secrets become `***`. */
  text(text: string): string
}

const MASK = '***'
/** Keys of others: a gateway may quote the one with which it asks its own backend. */
const SHAPES = /\b(Bearer|Basic)\s+[^\s"',;]*\d[^\s"',;]*|\b(sk|pk|hf|nvapi|gsk)[-_][\w*-]{6,}/gi
/** What a terminal obeys: an escape sequence, as one. */
// oxlint-disable-next-line no-control-regex
const SEQUENCE = /\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?)/g

const LONGEST_LINE = 200
const LONGEST_READ = 4096
/** Secrets below this length are words that may stand in any text: only themselves are masked. */
const NO_WORD = 8

/**
 * A server may send back the key that it got, as it is or in another spelling, and write terminal
 * escapes. Secrets are found whole and cut (12 characters of them, in either case), in every spelling of
 * `spellingsOf`.
 *
 * @param headers of the requests, with the key: the values are the secrets
 */
export function createRedactor(headers: Readonly<Record<string, string>>): Redactor {
  const secrets = secretsIn(headers)
  const pieces = pieceFinder(secrets.filter((secret) => secret.length >= NO_WORD))
  const words = secrets.filter((secret) => secret.length < NO_WORD).map(wholeWord)

  function text(of: string): string {
    let found = pieces(of)
    for (let i = 0; i < words.length; i++) found = found.replace(words[i]!, `$1${MASK}`)
    return found
  }

  function line(of: string): string {
    const read = visible(of.slice(0, LONGEST_READ))
    // First the secrets: an address that is masked by its own rules no longer shows them whole.
    const shown = maskUrls(text(read)).replace(SHAPES, MASK)
    return shown.length > LONGEST_LINE ? `${shown.slice(0, LONGEST_LINE - 1)}…` : shown
  }

  return { line, text }
}

/** Most texts are one word of plain characters, which one test shows. */
function visible(text: string): string {
  if (!/[^\x21-\x7e]/.test(text)) return text
  return text.replace(SEQUENCE, '').replace(CONTROL, ' ').replace(/\s+/g, ' ').trim()
}

function wholeWord(secret: string): RegExp {
  return new RegExp(
    `(^|[^A-Za-z0-9])${secret.replace(/[^A-Za-z0-9]/g, '\\$&')}(?![A-Za-z0-9])`,
    'g',
  )
}

/**
 * Masks every stretch of a text of which each `window` characters stand in a row in a spelling. What most texts
 * need, to be seen to hold none, takes no tables: each VU has a redactor of its own.
 */
function pieceFinder(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets.flatMap(spellingsOf)
  const all = spellings.map(({ text }) => text).join('\n')
  const shortest = Math.min(...spellings.map(({ window }) => window))
  let parts: ReadonlyMap<number, ReadonlySet<string>> | undefined

  return (text) => {
    if (text.length < shortest) return text
    const lower = lowerCase(text)
    const [short, long] = lower.length < all.length ? [lower, all] : [all, lower]
    if (!mayShare(short, long, shortest)) return text
    return masked(text, lower, (parts ??= partsOf(spellings)))
  }
}

/**
 * Whether two texts may have `length` characters in a row in common. Those contain one of the first text's
 * blocks of half that length, cut at fixed places, and to find a block in the other is one native call.
 */
function mayShare(short: string, long: string, length: number): boolean {
  const half = Math.floor((length + 1) / 2)
  for (let at = 0; at + half <= short.length; at += half) {
    if (long.includes(short.slice(at, at + half))) return true
  }
  return false
}

/** All parts of the spellings that give them away, by their length. */
function partsOf(spellings: readonly Spelling[]): ReadonlyMap<number, ReadonlySet<string>> {
  const parts = new Map<number, Set<string>>()
  for (const { text, window } of spellings) {
    const known = parts.get(window) ?? new Set()
    parts.set(window, known)
    for (let at = 0; at + window <= text.length; at++) known.add(text.slice(at, at + window))
  }
  return parts
}

function masked(
  text: string,
  lower: string,
  parts: ReadonlyMap<number, ReadonlySet<string>>,
): string {
  let shown = ''
  /** End of the last stretch that is masked. */
  let end = -1
  for (let at = 0; at < text.length; at++) {
    for (const [window, known] of parts) {
      if (!known.has(lower.slice(at, at + window))) continue
      if (at > end) shown += text.slice(Math.max(end, 0), at) + MASK
      end = Math.max(end, at + window)
    }
  }
  return shown + text.slice(Math.max(end, 0))
}

/** Of the same length as the text, so that places in both are the same (`İ` becomes two characters). */
function lowerCase(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return text.replace(/[A-Z]/g, (c) => c.toLowerCase())
}
