import { fromBase64, toBase64 } from './base64.ts'

const SECRET_NAME = /auth|key|token|secret|cookie|credential|password/i
/** Headers that say what is spoken, not who speaks. */
const NO_SECRET = /^(accept|accept-.*|content-type|user-agent|.*-version|.*-beta)$/i
const SCHEME = /^(basic|bearer|digest|negotiate|token|key|apikey)$/i

/** Shorter values of headers that are not named like a secret are ordinary words. */
const NO_WORD = 8
/** A shorter text stands everywhere by chance. */
const SHORTEST = 4

/**
 * What must not be shown of a request's headers: their values, word by word, without the scheme
 * (`Bearer`), and of basic authentication (RFC 7617) also what is encoded in it.
 *
 * @param headers all that users or keys add to a request, by name
 */
export function secretsIn(headers: Readonly<Record<string, string>>): string[] {
  const found = new Set<string>()
  for (const name of Object.keys(headers)) {
    if (NO_SECRET.test(name)) continue
    const least = SECRET_NAME.test(name) ? SHORTEST : NO_WORD
    const words = headers[name]!.split(/\s+/).filter((word) => !SCHEME.test(word))
    for (const word of [...words, ...credentials(headers[name]!)]) {
      if (word.length >= least) found.add(word)
    }
  }
  return [...found]
}

/** User and password, and the password alone. */
function credentials(value: string): string[] {
  const encoded = /^basic\s+(\S+)$/i.exec(value.trim())?.[1]
  const pair = encoded === undefined ? undefined : fromBase64(encoded)
  return pair === undefined ? [] : [pair, pair.slice(pair.indexOf(':') + 1)]
}

/** A way to write a secret, and how many of its characters give the secret away when they stand alone. */
export interface Spelling {
  /** In lower case: it is looked for in texts of either case. */
  text: string
  window: number
}

/** So many characters of a secret in a row are taken for a piece of it. */
const PIECE = 12

/**
 * The ways in which a secret may come back, in lower case: as it is, backwards, %-encoded (where needed,
 * or throughout), in hexadecimal, and in base64 with either alphabet, whatever stands before it there.
 */
export function spellingsOf(secret: string): Spelling[] {
  const piece = Math.min(PIECE, secret.length)
  const hex = [...secret].map((c) => (c.charCodeAt(0) & 255).toString(16).padStart(2, '0'))
  const found: Spelling[] = [
    { text: secret, window: piece },
    { text: [...secret].reverse().join(''), window: piece },
    { text: escaped(secret), window: piece },
    { text: JSON.stringify(secret).slice(1, -1), window: piece },
    { text: hex.join(''), window: 2 * piece },
    { text: hex.map((byte) => `%${byte}`).join(''), window: 3 * piece },
    ...[0, 1, 2].flatMap((before) => base64s(secret, before)),
  ]
  const distinct = new Map(found.map(({ text, window }) => [text.toLowerCase(), window]))
  return [...distinct].map(([text, window]) => ({ text, window: Math.min(window, text.length) }))
}

/** The base64 digits that depend on nothing but the secret, when `before` bytes stand before it. */
function base64s(secret: string, before: number): Spelling[] {
  const all = toBase64('\0'.repeat(before) + secret)
  const whole = Math.floor(((before + secret.length) * 8) / 6)
  const text = all.slice(before === 0 ? 0 : before + 1, whole)
  const window = Math.min(PIECE, text.length)
  return [text, text.replace(/\+/g, '-').replace(/\//g, '_')].map((of) => ({ text: of, window }))
}

function escaped(secret: string): string {
  try {
    return encodeURIComponent(secret)
  } catch {
    return secret // half a surrogate pair, which no header can hold
  }
}
