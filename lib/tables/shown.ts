import { cleanText } from '../safe-text/index.ts'
import { markdownText } from './escape.ts'
import { html, htmlTable } from './html.ts'
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

const STYLE =
  ':root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}' +
  '.scroll{overflow-x:auto}table{border-collapse:collapse;margin:1rem 0}th,td{padding:.3rem .8rem;text-align:left;border-bottom:1px solid #8884}' +
  '.n{text-align:right}tr.good td:last-child{color:light-dark(#067a32,#4ccb7a)}' +
  'tr.bad td:last-child{color:light-dark(#b3261e,#ff8a80)}.notes{opacity:.75;font-size:.9em}svg{width:100%;height:auto}'

/**
 * As one self-contained page without scripts or network access.
 * @param figures SVG pictures to show below the tables; made by this project, so not escaped
 */
export function shownHtml(shown: readonly Shown[], figures: readonly string[] = []): string {
  const title = html(cleanText(shown[0]?.title ?? ''))
  const text = (of: string) => html(cleanText(of, 2000))
  const body = shown.map((s) =>
    [
      `<h1>${text(s.title)}</h1>`,
      ...s.facts.map((fact) => `<p>${text(fact)}</p>`),
      htmlTable(s),
      ...s.notes.map((note) => `<p class="notes">${text(note)}</p>`),
    ].join('\n'),
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${STYLE}</style></head>
<body>
${body.join('\n')}
${figures.join('\n')}
</body></html>
`
}
