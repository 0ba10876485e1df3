/** How a line is drawn: its width in columns, and colour codes where the destination supports them. */
export interface Pen {
  width: number
  paint(style: Style, text: string): string
}
export type Style = 'good' | 'bad' | 'warn' | 'dim' | 'bold'

const CODES: Record<Style, string> = { good: '32', bad: '31', warn: '33', dim: '2', bold: '1' }

export function pen(width: number, color: boolean): Pen {
  return {
    width: Math.max(80, Math.min(120, Math.floor(width) || 100)),
    paint: (style, text) => (color && text !== '' ? `\x1b[${CODES[style]}m${text}\x1b[0m` : text),
  }
}

/** A pen without a limit on width and without colour: for logs and files. */
export function unlimited(): Pen {
  return { width: Infinity, paint: (_, text) => text }
}

/** Combining marks and variation selectors, which take no column of their own. */
const NO_COLUMN = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]/

/** Columns that a text takes in a terminal: two for wide characters (CJK, emoji), none for combining marks. */
export function columns(text: string): number {
  let sum = 0
  for (const char of text) {
    const code = char.codePointAt(0) as number
    if (NO_COLUMN.test(char)) continue
    const wide =
      (code >= 0x1100 && code <= 0x115f) ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0xffe0 && code <= 0xffe6) ||
      (code >= 0x1f000 && code <= 0x3fffd)
    sum += wide ? 2 : 1
  }
  return sum
}

/** Cuts text to this many columns, with an ellipsis where something is missing. */
export function clip(text: string, most: number): string {
  if (columns(text) <= most) return text
  let kept = ''
  let used = 0
  for (const char of text) {
    const own = columns(char)
    if (used + own > most - 1) break
    kept += char
    used += own
  }
  return most > 0 ? kept + '…' : ''
}

/** Breaks text at spaces into lines of at most this many columns; a longer word is cut apart. */
export function wrap(text: string, most: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const whole of text.split(' ')) {
    let word = whole
    while (columns(word) > most) {
      if (line !== '') lines.push(line)
      line = ''
      const head = clip(word, most + 1).slice(0, -1)
      lines.push(head)
      word = word.slice(head.length)
    }
    const joined = line === '' ? word : `${line} ${word}`
    if (columns(joined) <= most) line = joined
    else {
      lines.push(line)
      line = word
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line)
  return lines
}
