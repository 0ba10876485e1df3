const secretName = /auth|key|token|secret|cookie|credential/i
const secretShapes = /\b(Bearer|Basic)\s+[^\s"',;]+|\b(sk|pk|hf|nvapi|gsk)[-_][\w*-]{6,}/gi

const maxLength = 200
/** Control characters, including terminal escapes, and characters that change the writing direction. */
// oxlint-disable-next-line no-control-regex
const unprintable =
  /\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * A server may quote the key that it refused, or write terminal escapes. @returns a function that shortens a
 * message to one line of 200 printable characters, without values of secret headers or text shaped like a key.
 */
export function createRedactor(
  headers: Readonly<Record<string, string>>,
): (message: string) => string {
  const secrets: string[] = []
  for (const name of Object.keys(headers)) {
    const value = headers[name]!.trim()
    if (!secretName.test(name)) continue
    for (const part of [value, ...value.split(/\s+/)]) if (part.length >= 4) secrets.push(part)
  }
  secrets.sort((a, b) => b.length - a.length)
  return (message) => {
    let text = message.slice(0, 4096)
    for (const secret of secrets) text = text.split(secret).join('***')
    text = text.replace(secretShapes, '***').replace(unprintable, ' ').replace(/\s+/g, ' ').trim()
    return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text
  }
}
