import { cleanText } from './clean.ts'
import { markdownText, xmlText } from './escape.ts'

/** One table and what belongs to it: text, Markdown and HTML show the same cells. */
export interface Shown {
  title: string
  status: 'good' | 'bad' | 'unclear' | 'none'
  facts: string[]
  /** The first column is text, the others are set to the right. */
  heading: string[]
  rows: string[][]
  /** Which rows are good or bad news. */
  tones: ('good' | 'bad' | '')[]
  notes: string[]
}

/** For a terminal or a log. */
export function shownText({ title, facts, heading, rows, notes }: Shown): string {
  const cells = [heading, ...rows].map((row) => row.map((cell) => cleanText(cell)))
  const widths = heading.map((_, c) => Math.max(...cells.map((row) => [...(row[c] ?? '')].length)))
  const lines = cells.map((row) =>
    row
      .map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
  const parts = [
    cleanText(title),
    facts.map((fact) => `  ${cleanText(fact, 1000)}`).join('\n'),
    rows.length === 0 ? '' : lines.map((line) => `  ${line}`).join('\n'),
    notes.map((note) => cleanText(note, 2000)).join('\n'),
  ]
  return parts.filter((part) => part !== '').join('\n\n') + '\n'
}

/** GitHub-flavoured Markdown, fit for a pull request's comment. */
export function shownMarkdown({ title, status, facts, heading, rows, notes }: Shown): string {
  const mark = { good: '✅ ', bad: '❌ ', unclear: '⚠️ ', none: '' }[status]
  const line = (row: readonly string[]) => `| ${row.map(markdownText).join(' | ')} |`
  const rule = `| ${heading.map((_, c) => (c === 0 ? '---' : '--:')).join(' | ')} |`
  const parts = [
    `## ${mark}${markdownText(title)}`,
    facts.map((fact) => `- ${markdownText(fact)}`).join('\n'),
    rows.length === 0 ? '' : [line(heading), rule, ...rows.map(line)].join('\n'),
    notes.length === 0
      ? ''
      : `<details><summary>How this was judged</summary>\n\n${notes.map(markdownText).join('\n\n')}\n\n</details>`,
  ]
  return parts.filter((part) => part !== '').join('\n\n') + '\n'
}

const STYLE =
  ':root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}' +
  'table{border-collapse:collapse;margin:1rem 0}th,td{padding:.3rem .8rem;text-align:right;border-bottom:1px solid #8884}' +
  'th:first-child,td:first-child{text-align:left}tr.good td:last-child{color:light-dark(#067a32,#4ccb7a)}' +
  'tr.bad td:last-child{color:light-dark(#b3261e,#ff8a80)}.notes{opacity:.75;font-size:.9em}svg{width:100%;height:auto}'

/**
 * One self-contained page without scripts or network.
 * @param figures SVG pictures to stand below the tables; made by this project, not escaped
 */
export function shownHtml(shown: readonly Shown[], figures: readonly string[] = []): string {
  const title = shown[0]?.title ?? ''
  const body = shown.map((s) => {
    const row = (cells: readonly string[], tag: 'td' | 'th') =>
      cells.map((cell) => `<${tag}>${xmlText(cell)}</${tag}>`).join('')
    const rows = s.rows.map(
      (cells, i) => `<tr class="${s.tones[i] ?? ''}">${row(cells, 'td')}</tr>`,
    )
    return [
      `<h1>${xmlText(s.title)}</h1>`,
      ...s.facts.map((fact) => `<p>${xmlText(fact)}</p>`),
      s.rows.length === 0
        ? ''
        : `<table><thead><tr>${row(s.heading, 'th')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`,
      ...s.notes.map((note) => `<p class="notes">${xmlText(note)}</p>`),
    ].join('\n')
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${xmlText(title)}</title><style>${STYLE}</style></head>
<body>
${body.join('\n')}
${figures.join('\n')}
</body></html>
`
}
