import type { Cell, Coverage, Coverages, Kind } from './cover.ts'
import { FIGURES } from './figures.ts'
import type { Figure } from './figures.ts'

/** What is kept of a cell. */
export interface CellResult {
  readonly cell: Cell
  readonly runs: number
  readonly truth: Record<Figure, number>
  readonly coverage: Coverages
}

/** Markdown: a table of intervals from records, and one from slices alone. */
export function coverageTables(results: readonly CellResult[]): string {
  return (['records', 'slices'] as const)
    .map((kind) => `### From ${kind}\n\n${coverageTable(results, kind)}\n`)
    .join('\n')
}

function coverageTable(results: readonly CellResult[], kind: Kind): string {
  const head = ['arrivals', 'use', 'requests', 'runs', ...FIGURES.map((f) => f.replace(/_/g, ' '))]
  const rows = results.map(({ cell, runs, coverage }) => [
    cell.arrivals,
    `${Math.round(100 * cell.use)} %`,
    cell.requests.toLocaleString('en'),
    runs.toLocaleString('en'),
    ...FIGURES.map((figure) => cellText(coverage[kind][figure], runs)),
  ])
  return [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}

/** `97.3 of 64, 1.1`: per cent covered, of the per cent of runs that gave an interval; false kept. */
function cellText({ given, covered, falseKept }: Coverage, runs: number): string {
  if (given === 0) return falseKept === 0 ? '–' : `–, ${percent(falseKept, runs)}`
  return `${percent(covered, given)} of ${percent(given, runs)}, ${percent(falseKept, runs)}`
}

function percent(n: number, of: number): string {
  return ((100 * n) / of).toFixed(1).replace(/\.0$/, '')
}
