import { markdownTable, markdownText } from '../../tables/index.ts'
import { STATUS_MARKS } from './marks.ts'
import { checkTable, thresholdTable } from './own-tables.ts'
import { figureRows, figureTables } from './figures.ts'
import { factsOf, outcomeRows } from './tables.ts'
import type { Report } from '../../results/index.ts'

/**
 * The report as GitHub-flavoured Markdown, fit for a comment on a pull request. Text from outside is
 * escaped: it can create no link, mention, HTML or table cell.
 */
export function renderMarkdown(report: Report): string {
  const { verdict, run } = report
  const mark = STATUS_MARKS[verdict.status].emoji
  const parts = [
    `## ${mark} ${markdownText(verdict.headline)} · ${markdownText(run.scenario)}`,
    list(verdict.reasons),
    factsOf(report).map(markdownText).join(' · '),
  ]
  if (verdict.status !== 'no_load') {
    parts.push(
      ...figureTables(report).map(markdownTable),
      pairs(figureRows(report)),
      report.outcomes.length === 0 ? '' : `**Outcomes of the whole run**`,
      pairs(outcomeRows(report)),
    )
  }
  if (report.warnings.length > 0) parts.push('**Warnings**', list(report.warnings.map(messageOf)))
  parts.push(markdownTable(thresholdTable(report)), markdownTable(checkTable(report)))
  return parts.filter((part) => part !== '').join('\n\n') + '\n'
}

/** Rows without a label belong to the one above. */
function pairs(rows: readonly [string, string][]): string {
  const item = ([label, text]: [string, string]) =>
    label === '' ? `  - ${markdownText(text)}` : `- ${markdownText(label)}: ${markdownText(text)}`
  return rows.map(item).join('\n')
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${markdownText(item)}`).join('\n')
}

function messageOf({ message }: { message: string }): string {
  return message
}
