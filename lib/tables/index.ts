export type { Table, Tone } from './table.ts'
export type { Pen, Style } from './layout.ts'
export type { Closing } from './closing.ts'
export type { Shown } from './shown.ts'
export { closingLines, leftOut } from './closing.ts'
export { csvCell, markdownText, xmlText } from './escape.ts'
export {
  NONE,
  besides,
  count,
  duration,
  inWords,
  many,
  money,
  num,
  percent,
  plain,
  signedPercent,
} from './format.ts'
export { html, htmlTable, scriptJson } from './html.ts'
export { clip, columns, pen, wrap } from './layout.ts'
export { markdownTable } from './markdown.ts'
export { shownMarkdown, shownText } from './shown.ts'
export type { Within } from './plus-minus.ts'
export { fromTo, plusMinus, plusMinusPercent } from './plus-minus.ts'
export { textTable } from './text.ts'
