import { cleanText } from '../safe-text/index.ts'
import { clip, columns } from './layout.ts'
import type { Pen } from './layout.ts'
import type { Tone } from './table.ts'

/**
 * The end of what a command shows: what was found, what it rests on, and what to do next. A line each, so that
 * nobody needs to scroll.
 */
export interface Closing {
  /** One character, or none. */
  mark: string
  tone: Tone
  headline: string
  /** A label and its texts, the most important first; rows without text are left out. */
  rows: readonly (readonly [string, readonly string[]])[]
}

/** Most lines of a closing block, its headline among them. */
const CLOSING_LINES = 6

const INDENT = '  '
const BETWEEN = '; '
const MORE = '; …'

/** A closing block for a terminal, a line per row. Where not all texts of a row fit, the last ones are left out. */
export function closingLines(closing: Closing, pen: Pen): string[] {
  const { mark, tone, headline } = closing
  const style = tone === '' ? 'bold' : tone
  const head = clip(`${mark} ${cleanText(headline, 500)}`.trim(), pen.width - INDENT.length)
  const lines = fitted(closing, pen).map(({ label, room, shown, left, width }) => {
    const text = shown.length === 0 ? clip(left[0] ?? '', width) : shown.join(BETWEEN)
    const more = shown.length > 0 && left.length > 0 ? MORE : ''
    return `${INDENT}${INDENT}${pen.paint('dim', label.padEnd(room))}${INDENT}${text}${more}`
  })
  return [INDENT + pen.paint(style, pen.paint('bold', head)), ...lines]
}

/** The texts of a row that its line does not show in full. */
export function leftOut(closing: Closing, label: string, pen: Pen): readonly string[] {
  return fitted(closing, pen).find((row) => row.label === label)?.left ?? []
}

interface FittedRow {
  label: string
  /** Columns of the labels, and of the text beside them. */
  room: number
  width: number
  shown: string[]
  left: string[]
}

function fitted({ rows }: Closing, pen: Pen): FittedRow[] {
  const told = rows
    .map(([label, texts]) => ({ label, texts: texts.filter((text) => text !== '') }))
    .filter(({ texts }) => texts.length > 0)
    .slice(0, CLOSING_LINES - 1)
  const room = Math.max(0, ...told.map(({ label }) => columns(label)))
  const width = pen.width - 3 * INDENT.length - room
  return told.map(({ label, texts }) => {
    const clean = texts.map((text) => cleanText(text, 2000))
    const most = (n: number) => width - (n < clean.length ? MORE.length : 0)
    let n = clean.length
    while (n > 0 && columns(clean.slice(0, n).join(BETWEEN)) > most(n)) n--
    return { label, room, width, shown: clean.slice(0, n), left: clean.slice(n) }
  })
}
