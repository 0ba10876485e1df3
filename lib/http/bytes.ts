/**
 * Byte strings: one character (code unit 0-255) per byte, so that offsets are byte offsets and every
 * search runs natively in k6's engine, where a loop costs more than 100 ns per byte.
 * Text is decoded only from complete pieces, so no UTF-8 character is ever cut in half.
 */

// oxlint-disable-next-line no-control-regex
const nonAscii = /[^\x00-\x7f]/
/** Longer texts are measured by the encoder: 10 kB take 16 us in k6's engine, by the expression 155. */
const shortText = 300
const encoder = new TextEncoder()
const surrogates = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g

function isAscii(text: string): boolean {
  if (text.length <= shortText) return !nonAscii.test(text)
  return encoder.encode(text).length === text.length
}

/**
 * @param bytes byte string that holds UTF-8
 * @returns its text; an invalid sequence becomes U+FFFD, as in TextDecoder (WHATWG Encoding)
 */
export function decodeUtf8(bytes: string): string {
  if (isAscii(bytes)) return bytes
  try {
    // escape() writes each byte as %XX, which decodeURIComponent reads as UTF-8: both are native.
    return decodeURIComponent(escape(bytes))
  } catch {
    return decodeLossy(bytes)
  }
}

/** @returns the text's UTF-8 as a byte string; a lone surrogate becomes U+FFFD */
export function encodeUtf8(text: string): string {
  if (isAscii(text)) return text
  try {
    return unescape(encodeURIComponent(text))
  } catch {
    return unescape(
      encodeURIComponent(
        text.replace(surrogates, (found) => (found.length === 2 ? found : '\ufffd')),
      ),
    )
  }
}

/** @returns length of the text in UTF-8, in bytes: what `content-length` needs */
export function utf8Length(text: string): number {
  return text.length <= shortText ? encodeUtf8(text).length : encoder.encode(text).length
}

/** Only broken input gets here; it follows the WHATWG UTF-8 decoder. */
function decodeLossy(bytes: string): string {
  const pieces: string[] = []
  let at = 0
  while (at < bytes.length) {
    const lead = bytes.charCodeAt(at)
    const need =
      lead < 0x80 ? 0 : lead < 0xc2 ? -1 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : -1
    let have = 0
    while (have < need && continues(lead, have, bytes.charCodeAt(at + have + 1))) have++
    const whole = have === need
    pieces.push(whole ? decodeUtf8(bytes.slice(at, at + 1 + need)) : '\ufffd')
    at += 1 + have
  }
  return pieces.join('')
}

/** Overlong forms, surrogates and code points past U+10FFFF end at their second byte. */
function continues(lead: number, index: number, byte: number): boolean {
  const low = index > 0 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const high = index > 0 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  return byte >= low && byte <= high
}
