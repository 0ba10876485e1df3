import { clip, closingLines, columns, leftOut, pen, textTable, wrap } from '../../tables/index.ts'
import type { Pen } from '../../tables/index.ts'
import { closingOf } from './closing.ts'
import { STATUS_MARKS } from './marks.ts'
import { checkTable, thresholdTable } from './own-tables.ts'
import { figureRows, figureTables } from './figures.ts'
import { factsOf, outcomeRows } from './tables.ts'
import { ownMetricLines } from './text-own.ts'
import type { Report, SloVerdict } from '../../results/index.ts'

export interface TextOptions {
  /** Columns of the terminal; 80 to 120 are used. */
  width: number
  color: boolean
}

/** Longest label of a line that is not a table row, columns. */
const LABEL = 24

/** The report for a terminal: the figures, and the verdict last, where the eye is. Ends with a line end. */
export function renderText(report: Report, options: TextOptions, where = ''): string {
  return renderFigures(report, options) + renderClosing(report, options, where)
}

/** All but the verdict: tables in the order of use, warnings, and what the closing block has no room for. */
export function renderFigures(report: Report, options: TextOptions): string {
  const p = pen(options.width, options.color)
  const sections: string[][] = []
  if (report.verdict.status !== 'no_load') {
    sections.push(
      facts(report, p),
      ...figureTables(report, 'measured').map((table) => textTable(table, p)),
      labelled(rowsOf(report, p), p),
      outcomeLines(report, p),
    )
  }
  sections.push(
    textTable(checkTable(report), p),
    textTable(thresholdTable(report), p),
    ownMetricLines(report.own, p),
    warningLines(report, p),
    whyLines(report, p),
  )
  return sections
    .filter((s) => s.length > 0)
    .map((s) => `\n${s.join('\n')}\n`)
    .join('')
}

/**
 * The last lines of a report, six at most, the verdict first. Between empty lines.
 * @param where path of a fuller report; '' where there is none
 */
export function renderClosing(report: Report, options: TextOptions, where = ''): string {
  const p = pen(options.width, options.color)
  return `\n${closingLines(closingOf(report, where), p).join('\n')}\n\n`
}

function facts(report: Report, p: Pen): string[] {
  return wrap(factsOf(report).join(' · '), p.width - 2).map((line) => '  ' + p.paint('dim', line))
}

/** The verdict on the client stands at the end, unless it is too long for a line. */
function rowsOf(report: Report, p: Pen): [string, string][] {
  const closing = closingOf(report)
  const told = closing.rows.some(([label, texts]) => label === 'client' && texts.length > 0)
  return told && leftOut(closing, 'client', p).length === 0
    ? figureRows(report).filter(([label]) => label !== 'client')
    : figureRows(report)
}

/** Reasons of the verdict for which its line has no room, and that stand nowhere else. */
function whyLines(report: Report, p: Pen): string[] {
  const { client, slo } = report
  const reasons = leftOut(closingOf(report), 'why', p).filter(
    (reason) => !client.reasons.includes(reason) && !slo.some((v) => isOfLimit(reason, v)),
  )
  if (reasons.length === 0) return []
  const { tone } = STATUS_MARKS[report.verdict.status]
  const lines = reasons.flatMap((reason) =>
    wrap(reason, p.width - 6).map(
      (line, i) => `  ${p.paint(tone === '' ? 'bold' : tone, i === 0 ? '-' : ' ')} ${line}`,
    ),
  )
  return [p.paint('bold', '  more on the verdict'), ...lines]
}

/** Whether a reason says no more than the limit's row in the table. */
function isOfLimit(reason: string, { title }: SloVerdict): boolean {
  return (
    reason.startsWith(`${title} `) &&
    (reason.endsWith(' would decide it') || !reason.includes(': '))
  )
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
