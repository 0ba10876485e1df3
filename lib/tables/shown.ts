import { cleanText } from '../safe-text/index.ts'
import { markdownText } from './escape.ts'
import { unlimited, wrap } from './layout.ts'
import type { Pen } from './layout.ts'
import { markdownTable } from './markdown.ts'
import type { Table } from './table.ts'
import { textTable } from './text.ts'

/** One table with its accompanying text; terminal, Markdown and HTML show the same. */
export interface Shown extends Table {
  title: string
  status: 'good' | 'bad' | 'unclear' | 'none'
  facts: string[]
  notes: string[]
}

/**
 * As text for a terminal or a log.
 * @param pen for a screen; a table that names no columns to spare is never cut
 * @param title without it, the text is what stands above a closing block
 */
export function shownText(shown: Shown, pen: Pen = unlimited(), title = true): string {
  const wrapped = (text: string, indent: string) =>
    wrap(text, pen.width - indent.length)
      .map((line) => indent + line)
      .join('\n')
  const parts = [
    title ? cleanText(shown.title) : '',
    shown.facts.map((fact) => wrapped(cleanText(fact, 1000), '  ')).join('\n'),
    textTable(shown, shown.spare === undefined ? { ...pen, width: Infinity } : pen).join('\n'),
    shown.notes.map((note) => wrapped(cleanText(note, 2000), '')).join('\n'),
  ]
  return parts.filter((part) => part !== '').join('\n\n') + '\n'
}

/** As GitHub-flavoured Markdown, fit for a comment on a pull request. */
export function shownMarkdown(shown: Shown): string {
  const { title, status, facts, notes } = shown
  const mark = { good: '✅ ', bad: '❌ ', unclear: '⚠️ ', none: '' }[status]
  const parts = [
    `## ${mark}${markdownText(title)}`,
    facts.map((fact) => `- ${markdownText(fact)}`).join('\n'),
    markdownTable(shown),
    notes.length === 0
      ? ''
      : `<details><summary>How this was judged</summary>\n\n${notes.map(markdownText).join('\n\n')}\n\n</details>`,
  ]
  return parts.filter((part) => part !== '').join('\n\n') + '\n'
}
