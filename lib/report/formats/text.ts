import { pen, table, wrap } from '../../tables/index.ts'
import type { Column, Pen, Style } from '../../tables/index.ts'
import { endpointTable, groupTable, sweepTable } from './shape-tables.ts'
import { factsOf, latencyTable, loadTable, outcomeRows, resultRows, sloTable } from './tables.ts'
import type { Table } from '../../tables/index.ts'
import { ownLines } from './text-own.ts'
import type { Report } from '../../results/index.ts'

export interface TextOptions {
  /** Columns of the terminal; 80 to 120 are used. */
  width: number
  color: boolean
}

const LEFT: Column = { align: 'left' }
const RIGHT: Column = { align: 'right' }
const NAME: Column = { align: 'left', shrink: true }
const STATUS: Record<Report['verdict']['status'], [Style, string]> = {
  passed: ['good', '✓'],
  failed: ['bad', '✗'],
  unclear: ['warn', '?'],
  no_load: ['bad', '✗'],
}

/** The report for a terminal: the verdict first, then what it stands on. Ends with a line end. */
export function renderText(report: Report, options: TextOptions): string {
  const p = pen(options.width, options.color)
  const sections = [head(report, p)]
  if (report.verdict.status !== 'no_load') {
    sections.push(
      sloLines(report, p),
      tableLines(sweepTable(report), p),
      tableLines(endpointTable(report), p),
      tableLines(groupTable(report), p),
      latencyLines(report, p),
      loadLines(report, p),
      resultLines(report, p),
      outcomeLines(report, p),
    )
  }
  sections.push(warningLines(report, p), ...ownLines(report.own, p))
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
  const [style, mark] = STATUS[verdict.status]
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

function sloLines(report: Report, p: Pen): string[] {
  const { heading, rows } = sloTable(report)
  const lines = table([heading, ...rows], [LEFT, NAME, RIGHT, RIGHT, LEFT], p.width)
  const styles = { kept: 'good', missed: 'bad', no_value: 'warn' } as const
  return lines.map((line, i) => {
    const verdict = report.slo[i - 1]?.verdict
    return verdict === undefined ? p.paint('bold', line) : p.paint(styles[verdict], line)
  })
}

function latencyLines(report: Report, p: Pen): string[] {
  const { heading, rows } = latencyTable(report)
  const layout = heading.map((_, i) => (i === 0 ? LEFT : i === 1 ? NAME : RIGHT))
  return paintHead(table([heading, ...rows], layout, p.width), p)
}

function tableLines({ heading, rows }: Table, p: Pen): string[] {
  if (rows.length === 0) return []
  const layout = heading.map((_, i) => (i === 0 ? NAME : RIGHT))
  return paintHead(table([heading, ...rows], layout, p.width), p)
}

function loadLines(report: Report, p: Pen): string[] {
  const { heading, rows } = loadTable(report)
  const layout = heading.map((_, i) => (i === 0 ? NAME : RIGHT))
  return paintHead(table([heading, ...rows], layout, p.width), p)
}

function resultLines(report: Report, p: Pen): string[] {
  return labelled(resultRows(report), p)
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
  const indent = Math.min(24, Math.max(...rows.map(([label]) => label.length)))
  return rows.flatMap(([label, text]) =>
    wrap(text, p.width - indent - 6).map((line, i) => {
      const shown = i === 0 ? label.slice(0, indent).padEnd(indent) : ' '.repeat(indent)
      return `  ${p.paint('dim', shown)}  ${line}`
    }),
  )
}

function paintHead(lines: string[], p: Pen): string[] {
  return lines.map((line, i) => (i === 0 ? p.paint('bold', line) : line))
}
