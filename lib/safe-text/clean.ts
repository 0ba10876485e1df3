/**
 * What a terminal obeys or does not show: C0 (escape sequences begin there), DEL, C1, soft hyphen, zero-width
 * and bidirectional controls, line separators, BOM.
 */
export const CONTROL =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/**
 * Makes text from outside (server messages, model names, check names) safe to print: control characters,
 * escape sequences, line breaks and bidirectional overrides become visible escapes.
 * @param most longest result, characters
 */
export function cleanText(text: string, most = 300): string {
  const safe = text.replace(CONTROL, (c) => {
    const code = c.charCodeAt(0)
    if (c === '\n') return '\\n'
    if (c === '\t') return ' '
    return code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`
  })
  const points = [...safe]
  return points.length <= most ? safe : points.slice(0, most - 1).join('') + '…'
}

/**
 * A text of several lines, or JSON, as it may be written to a terminal or a log: line ends and tabs stay,
 * every other control character becomes the escape by which JSON writes it, so JSON keeps its meaning.
 */
export function printable(text: string): string {
  return text.replace(CONTROL, (c) =>
    c === '\n' || c === '\t' ? c : `\\u${hex(c.charCodeAt(0), 4)}`,
  )
}

/** Applies `cleanText` to every string and key of plain data, down to a bounded depth. */
export function cleanData(value: unknown, depth = 6): unknown {
  if (typeof value === 'string') return cleanText(value)
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (depth === 0 || typeof value !== 'object') return null
  if (Array.isArray(value)) return value.map((item) => cleanData(item, depth - 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [cleanText(key), cleanData(item, depth - 1)]),
  )
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}
