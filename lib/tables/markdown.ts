import { markdownText } from './escape.ts'
import { isText } from './table.ts'
import type { Table } from './table.ts'

/** A table in GitHub-flavoured Markdown; empty without rows. */
export function markdownTable(table: Table): string {
  if (table.rows.length === 0) return ''
  const rule = table.heading.map((_, c) => (isText(table, c) ? '---' : '--:'))
  const escaped = [table.heading, ...table.rows].map((row) => row.map(markdownText))
  const [heading = [], ...rows] = escaped
  return [heading, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}
