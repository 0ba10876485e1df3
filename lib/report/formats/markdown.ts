import { count, markdownText } from '../../tables/index.ts'
import { endpointTable, groupTable, sweepTable } from './shape-tables.ts'
import { factsOf, latencyTable, loadTable, outcomeRows, resultRows, sloTable } from './tables.ts'
import type { Report } from '../../results/index.ts'
import type { Table } from '../../tables/index.ts'

/**
 * The report as GitHub-flavoured Markdown, fit for a pull request's comment. Text from outside is
 * escaped: it can make no link, mention, HTML or table cell.
 */
export function renderMarkdown(report: Report): string {
  const { verdict, run } = report
  const mark = { passed: '✅', failed: '❌', unclear: '⚠️', no_load: '❌' }[verdict.status]
  const parts = [
    `## ${mark} ${markdownText(verdict.headline)} · ${markdownText(run.scenario)}`,
    list(verdict.reasons),
    factsOf(report).map(markdownText).join(' · '),
  ]
  if (verdict.status !== 'no_load') {
    parts.push(
      grid(sloTable(report), 2),
      ...[sweepTable(report), endpointTable(report), groupTable(report)]
        .filter(({ rows }) => rows.length > 0)
        .map((shown) => grid(shown, 1)),
      grid(latencyTable(report), 2),
      grid(loadTable(report), 1),
      pairs(resultRows(report)),
      report.outcomes.length === 0 ? '' : `**Outcomes of the whole run**`,
      pairs(outcomeRows(report)),
    )
  }
  if (report.warnings.length > 0) parts.push('**Warnings**', list(report.warnings.map(messageOf)))
  parts.push(own(report))
  return parts.filter((part) => part !== '').join('\n\n') + '\n'
}

function own({ own: { checks, thresholds } }: Report): string {
  const rows = [
    ...thresholds.map((t) => [state(t.ok), `${t.metric}: ${t.expression}`, '']),
    ...checks.map((c) => [
      state(c.fails === 0),
      c.group === '' ? c.name : `${c.group} › ${c.name}`,
      `${count(c.passes)} of ${count(c.passes + c.fails)}`,
    ]),
  ]
  if (rows.length === 0) return ''
  return grid({ heading: ['', 'own checks and thresholds', 'passed'], rows }, 2)
}

function state(ok: boolean | null): string {
  return ok === null ? '?' : ok ? '✓' : '✗'
}

function grid({ heading, rows }: Table, leftColumns: number): string {
  const rule = heading.map((_, i) => (i < leftColumns ? '---' : '--:'))
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [heading.map(markdownText), rule, ...rows.map((row) => row.map(markdownText))]
    .map(line)
    .join('\n')
}

function pairs(rows: readonly [string, string][]): string {
  return rows.map(([label, text]) => `- ${markdownText(label)}: ${markdownText(text)}`).join('\n')
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${markdownText(item)}`).join('\n')
}

function messageOf({ message }: { message: string }): string {
  return message
}
