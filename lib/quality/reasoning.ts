const OPEN = '<think>'
const CLOSE = '</think>'

/**
 * An answer without reasoning that a server left in its text: what stands before `</think>`, as a chat
 * template may have opened it already. Reasoning that never ends leaves nothing.
 */
export function withoutReasoning(text: string): string {
  const end = text.lastIndexOf(CLOSE)
  if (end >= 0) return text.slice(end + CLOSE.length)
  return text.trimStart().startsWith(OPEN) ? '' : text
}
