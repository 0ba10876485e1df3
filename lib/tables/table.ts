/** Good news, bad news, doubt, or none of these. */
export type Tone = 'good' | 'bad' | 'warn' | ''

/**
 * A table for people, as text cells. Terminal, Markdown and HTML show exactly these cells, so that no
 * figure reads differently in two of them.
 */
export interface Table {
  /** Empty strings for columns without a name; all empty: the table has no heading. */
  heading: string[]
  rows: string[][]
  /** One letter per column: `l` for text, `r` for figures (right-aligned); by default `l`, then all `r`. */
  align?: string | undefined
  /**
   * Headings of the columns that a narrow screen leaves out, in this order. A table without them is cut from its
   * right where a `Pen` has a width.
   */
  spare?: readonly string[] | undefined
  /** One per row. */
  tones?: readonly Tone[] | undefined
}

/** Whether a column holds text rather than figures. */
export function isText({ align }: Table, column: number): boolean {
  return align === undefined ? column === 0 : align[column] === 'l'
}

/** The text column that is shortened when space is short: the one with the names. */
export function widest(table: Table): number {
  const texts = table.heading.map((_, i) => i).filter((i) => isText(table, i))
  const length = (i: number) => table.rows.reduce((sum, row) => sum + (row[i] ?? '').length, 0)
  return texts.reduce((best, i) => (length(i) > length(best) ? i : best), texts[0] ?? 0)
}

export function hasHeading({ heading }: Table): boolean {
  return heading.some((title) => title !== '')
}
