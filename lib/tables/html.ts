import { isText } from './table.ts'
import type { Table } from './table.ts'

/** Text for HTML content and attributes in double quotes. */
export function html(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

/**
 * JSON for a `<script type="application/json">`: without any `<` that could end the element, and without
 * the line separators that JSON allows but older JavaScript does not.
 */
export function scriptJson(data: unknown): string {
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Text of so many characters gets the room of a few words per line, however many columns there are. */
const LONG = 32

/** An HTML table; cells with figures have the class `n`, those with long text `long`, rows the class of their tone. Empty without rows. */
export function htmlTable(table: Table): string {
  if (table.rows.length === 0) return ''
  const classOf = (text: string, c: number) => {
    if (!isText(table, c)) return ' class="n"'
    return text.length < LONG ? '' : ' class="long"'
  }
  const cell = (tag: 'th' | 'td', text: string, c: number) =>
    `<${tag}${tag === 'th' ? ' scope="col"' : ''}${classOf(text, c)}>${html(text)}</${tag}>`
  const line = (tag: 'th' | 'td', cells: readonly string[], tone: string) =>
    `<tr${tone === '' ? '' : ` class="${tone}"`}>${cells.map((text, c) => cell(tag, text, c)).join('')}</tr>`
  const rows = table.rows.map((row, i) => line('td', row, table.tones?.[i] ?? ''))
  return (
    `<div class="scroll"><table><thead>${line('th', table.heading, '')}</thead>` +
    `<tbody>${rows.join('\n')}</tbody></table></div>`
  )
}
