/**
 * The tables that people read, as text cells: terminal, Markdown and HTML show these very cells, so
 * that a figure never reads differently in two of them.
 */
export interface Table {
  heading: string[]
  rows: string[][]
}
