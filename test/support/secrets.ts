/** So many characters of a secret in a row give it away. */
export const WINDOW = 12

/**
 * A secret as a server may send it back: whole and cut, in base64 (both alphabets, and within a longer text), in
 * percent encoding, in hexadecimal, backwards, in the other case.
 */
export function spelled(secret: string): string[] {
  const base64 = (text: string) => Buffer.from(text).toString('base64').replace(/=+$/, '')
  const hex = Buffer.from(secret).toString('hex')
  return [
    secret,
    secret.slice(3, 3 + WINDOW),
    secret.slice(-WINDOW),
    secret.slice(0, WINDOW),
    secret.toUpperCase(),
    secret.toLowerCase(),
    swapped(secret),
    [...secret].reverse().join(''),
    encodeURIComponent(secret),
    hex.replace(/../g, '%$&'),
    hex,
    ...['', 'a', 'ab'].map((before) => base64(before + secret).slice(before.length + 1)),
    Buffer.from(secret).toString('base64url'),
  ]
}

function swapped(text: string): string {
  return text.replace(/[a-z]/gi, (c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase()))
}

/**
 * Every piece that must not be found, in lower case: all `WINDOW` characters in a row of every spelling. Of
 * hexadecimal and percent encoding, a piece as long as `WINDOW` characters of the secret are there.
 */
export function pieces(secret: string): Set<string> {
  const found = new Set<string>()
  const hex = Buffer.from(secret).toString('hex')
  for (const spelling of spelled(secret)) {
    const text = spelling.toLowerCase()
    const per = text === hex ? 2 : text.startsWith('%') ? 3 : 1
    const length = Math.min(WINDOW * per, text.length)
    for (let at = 0; at + length <= text.length; at += 1) found.add(text.slice(at, at + length))
  }
  return found
}
