/** Good or bad news, doubt, or none of it. */
export type Tone = 'good' | 'bad' | 'warn' | ''

/**
 * A table that people read, as text cells: terminal, Markdown and HTML show these very cells, so that a
 * figure never reads differently in two of them.
 */
export interface Table {
  /** Empty texts for columns without a name; all empty: the table has no heading. */
  heading: string[]
  rows: string[][]
  /** A letter a column, `l` for text and `r` for figures, set to the right; `l` and then `r` by default. */
  align?: string | undefined
  /** By row. */
  tones?: readonly Tone[] | undefined
}

/** Whether a column is text: the others hold figures. */
export function isText({ align }: Table, column: number): boolean {
  return align === undefined ? column === 0 : align[column] === 'l'
}

/** The text column that gives way where there is no room: the one with the names. */
export function widest(table: Table): number {
  const texts = table.heading.map((_, i) => i).filter((i) => isText(table, i))
  const length = (i: number) => table.rows.reduce((sum, row) => sum + (row[i] ?? '').length, 0)
  return texts.reduce((best, i) => (length(i) > length(best) ? i : best), texts[0] ?? 0)
}

export function hasHeading({ heading }: Table): boolean {
  return heading.some((title) => title !== '')
}
