const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * A text in base64 (RFC 4648, 4), without padding; k6's engine has no `btoa`.
 * @param bytes one character per byte
 */
export function toBase64(bytes: string): string {
  let found = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b, c] = [bytes.charCodeAt(i), bytes.charCodeAt(i + 1), bytes.charCodeAt(i + 2)]
    const bits = (a << 16) | ((b || 0) << 8) | (c || 0)
    const digits = Math.min(bytes.length - i, 3) + 1
    for (let n = 0; n < digits; n++) found += DIGITS[(bits >> (18 - 6 * n)) & 63]
  }
  return found
}

/** The reverse, for both alphabets of RFC 4648; undefined where the text is not base64. */
export function fromBase64(text: string): string | undefined {
  let bytes = ''
  let bits = 0
  let held = 0
  for (const digit of text.replace(/=+$/, '').replace(/-/g, '+').replace(/_/g, '/')) {
    const value = DIGITS.indexOf(digit)
    if (value < 0) return undefined
    bits = ((bits << 6) | value) & 0xffff
    held += 6
    if (held >= 8) {
      held -= 8
      bytes += String.fromCharCode((bits >> held) & 255)
    }
  }
  return bytes
}
