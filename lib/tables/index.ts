export type { Table } from './table.ts'
export type { Column, Pen, Style } from './layout.ts'
export type { Shown } from './shown.ts'
export { cleanData, cleanText } from './clean.ts'
export { csvCell, markdownText, xmlText } from './escape.ts'
export {
  NONE,
  besides,
  count,
  duration,
  many,
  num,
  percent,
  plain,
  signedPercent,
} from './format.ts'
export { grid, html, scriptJson } from './html.ts'
export { clip, columns, pen, table, wrap } from './layout.ts'
export { shownHtml, shownMarkdown, shownText } from './shown.ts'
