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

/** An HTML table; cells with figures have the class `n`, rows the class of their tone. Empty without rows. */
export function htmlTable(table: Table): string {
  if (table.rows.length === 0) return ''
  const cell = (tag: 'th' | 'td', text: string, c: number) =>
    `<${tag}${tag === 'th' ? ' scope="col"' : ''}${isText(table, c) ? '' : ' class="n"'}>${html(text)}</${tag}>`
  const line = (tag: 'th' | 'td', cells: readonly string[], tone: string) =>
    `<tr${tone === '' ? '' : ` class="${tone}"`}>${cells.map((text, c) => cell(tag, text, c)).join('')}</tr>`
  const rows = table.rows.map((row, i) => line('td', row, table.tones?.[i] ?? ''))
  return (
    `<div class="scroll"><table><thead>${line('th', table.heading, '')}</thead>` +
    `<tbody>${rows.join('\n')}</tbody></table></div>`
  )
}
