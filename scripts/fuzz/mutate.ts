/** What breaks readers: delimiters, quotes, brackets, numbers at their limits, other encodings. */
const PIECES = [
  ...['"', '""', ',', ';', '\t', '\n', '\r\n', '\r', '\0', '\ufeff', '\ufffd', '\\', '\ud800', ' '],
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    '[[',
    '{"',
    '"}',
    '[{',
    '}]',
    'null',
    'true',
    '{}',
    '[]',
    '__proto__',
  ],
  ...['-1', '0', '1e400', '1e-9', 'NaN', '9007199254740993', '18446744073709551615', '1.5', '1,5'],
  ...['1.70E+12', '1700000000', '1700000000000', '2026-02-30 25:61:61', '1970-01-01T00:00:00Z'],
  ...['constructor', 'hash_ids', 'messages', 'timestamp', 'usage', 'tool_calls', '=cmd()', '%s'],
]

/**
 * One to eight changes to a text: pieces put in, cut out, doubled, swapped, or cut off.
 *
 * @param own pieces beside those that break any reader
 */
export function mutate(text: string, random: () => number, own: readonly string[]): string {
  let changed = text
  // Mostly few: what is broken in its first line is not read any further.
  for (let n = 1 + Math.floor(random() ** 2 * 8); n > 0; n--) {
    changed = change(changed, random, own.length > 0 && random() < 0.7 ? own : PIECES)
  }
  return changed
}

function change(text: string, random: () => number, pieces: readonly string[]): string {
  const place = () => Math.floor(random() * (text.length + 1))
  const [a, b] = [place(), place()].sort((x, y) => x - y) as [number, number]
  const piece = pieces[Math.floor(random() * pieces.length)] as string
  switch (Math.floor(random() * 6)) {
    case 0:
      return text.slice(0, a) + piece + text.slice(a)
    case 1:
      return text.slice(0, a) + text.slice(Math.min(b, a + 20))
    case 2:
      return text.slice(0, b) + text.slice(a, Math.min(b, a + 2000)) + text.slice(b)
    case 3:
      return text.slice(0, a) + piece + text.slice(a + piece.length)
    case 4:
      return text.slice(0, a) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(a + 1)
    default:
      return random() < 0.2 ? text.slice(0, a) : text.slice(0, a) + piece.repeat(30) + text.slice(a)
  }
}
