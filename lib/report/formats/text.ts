import { clip, columns, pen, textTable, wrap } from '../../tables/index.ts'
import type { Pen } from '../../tables/index.ts'
import { STATUS_MARKS } from './marks.ts'
import { checkTable, thresholdTable } from './own-tables.ts'
import { figureRows, figureTables } from './figures.ts'
import { factsOf, outcomeRows } from './tables.ts'
import { ownMetricLines } from './text-own.ts'
import type { Report } from '../../results/index.ts'

export interface TextOptions {
  /** Columns of the terminal; 80 to 120 are used. */
  width: number
  color: boolean
}

/** Longest label of a line that is not a table row, columns. */
const LABEL = 24

/** The report for a terminal: the verdict first, then its evidence. Ends with a line end. */
export function renderText(report: Report, options: TextOptions): string {
  const p = pen(options.width, options.color)
  const sections = [head(report, p)]
  if (report.verdict.status !== 'no_load') {
    sections.push(
      ...figureTables(report).map((table) => textTable(table, p)),
      labelled(figureRows(report), p),
      outcomeLines(report, p),
    )
  }
  sections.push(
    warningLines(report, p),
    textTable(checkTable(report), p),
    textTable(thresholdTable(report), p),
    ownMetricLines(report.own, p),
  )
  return (
    '\n' +
    sections
      .filter((s) => s.length > 0)
      .map((s) => s.join('\n') + '\n')
      .join('\n') +
    '\n'
  )
}

function head(report: Report, p: Pen): string[] {
  const { verdict, run } = report
  const { tone, mark } = STATUS_MARKS[verdict.status]
  const style = tone === '' ? 'bold' : tone
  const lines = wrap(`${mark} ${verdict.headline} · ${run.scenario}`, p.width - 2)
  const painted = lines.map((line) => '  ' + p.paint(style, p.paint('bold', line)))
  for (const reason of verdict.reasons) {
    const [first = '', ...rest] = wrap(reason, p.width - 6)
    painted.push(
      `    ${p.paint(style, first)}`,
      ...rest.map((line) => `    ${p.paint(style, line)}`),
    )
  }
  const dim = wrap(factsOf(report).join(' · '), p.width - 4).map(
    (line) => '    ' + p.paint('dim', line),
  )
  return [...painted, ...dim]
}

function outcomeLines(report: Report, p: Pen): string[] {
  if (report.outcomes.length === 0) return []
  return [p.paint('bold', '  outcomes of the whole run'), ...labelled(outcomeRows(report), p)]
}

function warningLines(report: Report, p: Pen): string[] {
  if (report.warnings.length === 0) return []
  const lines = report.warnings.flatMap(({ message }) =>
    wrap(message, p.width - 6).map(
      (line, i) => `  ${p.paint('warn', i === 0 ? '!' : ' ')} ${line}`,
    ),
  )
  return [p.paint('bold', '  warnings'), ...lines]
}

function labelled(rows: readonly [string, string][], p: Pen): string[] {
  const room = Math.min(LABEL, Math.max(...rows.map(([label]) => columns(label))))
  return rows.flatMap(([label, text]) =>
    wrap(text, p.width - room - 6).map((line, i) => {
      const shown = i === 0 ? clip(label, room) : ''
      return `  ${p.paint('dim', shown + ' '.repeat(room - columns(shown)))}  ${line}`
    }),
  )
}
