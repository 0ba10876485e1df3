import { cleanText } from '../safe-text/index.ts'
import { clip, columns } from './layout.ts'
import type { Pen } from './layout.ts'
import { hasHeading, isText, widest } from './table.ts'
import type { Table } from './table.ts'

const INDENT = '  '
const GAP = '  '
/** Fewest columns that remain of a cut name. */
const SHORTEST = 8

/**
 * A table for a terminal or a log, one line per row; no lines without rows. Where a line would not fit,
 * names are cut first and then the last columns are left out, so that no line ever wraps.
 */
export function textTable(given: Table, pen: Pen): string[] {
  if (given.rows.length === 0) return []
  const table = narrowed(given, pen.width)
  const shown = hasHeading(table) ? [table.heading, ...table.rows] : table.rows
  const cells = shown.map((row) => row.map((cell) => cleanText(cell)))
  const widths = columnWidths(table, cells, pen.width)
  const lines = cells.map((row) => {
    const line = widths.map((width, c) => {
      const cell = clip(row[c] ?? '', width)
      const fill = ' '.repeat(width - columns(cell))
      return isText(table, c) ? cell + fill : fill + cell
    })
    return INDENT + line.join(GAP).replace(/\s+$/, '')
  })
  const first = shown.length - table.rows.length
  return lines.map((line, i) => {
    if (i < first) return pen.paint('bold', line)
    const tone = table.tones?.[i - first] ?? ''
    return tone === '' ? line : pen.paint(tone, line)
  })
}

/** The table without as many of its spare columns as it takes to fit. */
function narrowed(table: Table, width: number): Table {
  const [first, ...spare] = table.spare ?? []
  if (first === undefined || lineWidth(table) <= width) return table
  const at = table.heading.indexOf(first)
  const without = <T>(cells: readonly T[]) => cells.filter((_, c) => c !== at)
  const align = table.align === undefined ? undefined : without([...table.align]).join('')
  const rows = table.rows.map(without)
  return narrowed({ ...table, heading: without(table.heading), rows, align, spare }, width)
}

function lineWidth({ heading, rows }: Table): number {
  const widest = (c: number) =>
    Math.max(...[heading, ...rows].map((row) => columns(cleanText(row[c] ?? ''))))
  return heading.reduce((sum, _, c) => sum + widest(c) + GAP.length, 0)
}

function columnWidths(table: Table, cells: readonly string[][], width: number): number[] {
  const widths = table.heading.map((_, c) => Math.max(...cells.map((row) => columns(row[c] ?? ''))))
  const total = () => widths.reduce((sum, w) => sum + w + GAP.length, 0)
  const at = widest(table)
  if (total() > width) {
    widths[at] = Math.max(SHORTEST, (widths[at] as number) - (total() - width))
  }
  while (total() > width && widths.length > 2) widths.pop()
  return widths
}
