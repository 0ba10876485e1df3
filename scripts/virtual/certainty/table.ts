import type { Cell, Coverage, Coverages, Kind } from './cover.ts'
import { FIGURES } from './figures.ts'
import type { Figure } from './figures.ts'
import type { ShareCell } from './shares.ts'
import { SPIKE_FIGURES } from './spikes.ts'
import type { SpikeCell, SpikeCoverages } from './spikes.ts'
import { STARTS } from './start-up.ts'
import type { StartUps } from './start-up.ts'
import type { UntilCell, UntilResult } from './until.ts'

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
  const head = ['arrivals', 'use', 'requests', 'runs', ...FIGURES.map(spaced)]
  const rows = results.map(({ cell, runs, coverage }) => [
    cell.arrivals,
    `${Math.round(100 * cell.use)} %`,
    cell.requests.toLocaleString('en'),
    runs.toLocaleString('en'),
    ...FIGURES.map((figure) => cellText(coverage[kind][figure], runs)),
  ])
  return table(head, rows)
}

/** Markdown: intervals of a share of failures. */
export function shareTable(
  results: readonly { cell: ShareCell; runs: number; coverage: Record<Kind, Coverage> }[],
): string {
  const rows = results.map(({ cell, runs, coverage }) => [
    cell.group === 1 ? 'one by one' : `in groups of ${cell.group}`,
    cell.requests.toLocaleString('en'),
    runs.toLocaleString('en'),
    cellText(coverage.records, runs),
    cellText(coverage.slices, runs),
  ])
  return table(['failures', 'requests', 'runs', 'records', 'slices'], rows)
}

/** Markdown: intervals of whole spikes. */
export function spikeTable(
  results: readonly { cell: SpikeCell; runs: number; coverage: SpikeCoverages }[],
): string {
  const head = ['arrivals', 'use', 'peak', 'length', 'from', ...SPIKE_FIGURES.map(spaced)]
  const rows = results.flatMap(({ cell, runs, coverage }) =>
    (['records', 'slices'] as const).map((kind) => [
      cell.arrivals,
      `${Math.round(100 * cell.use)} %`,
      `${Math.round(100 * cell.peak)} %`,
      `${cell.lengthS} s`,
      kind,
      ...SPIKE_FIGURES.map((figure) => cellText(coverage[kind][figure], runs)),
    ]),
  )
  return table(head, rows)
}

/** Markdown: per cent of the runs of each load that are said to be overloaded, by the number of requests. */
export function overloadTable(
  results: readonly { load: Pick<Cell, 'arrivals' | 'use'>; found: readonly number[] }[],
  requests: readonly number[],
  runs: number,
): string {
  const head = ['arrivals', 'use', ...requests.map((n) => `${n.toLocaleString('en')} requests`)]
  const rows = results.map(({ load, found }) => [
    load.arrivals,
    `${Math.round(100 * load.use)} %`,
    ...found.map((n) => `${percent(n, runs)} %`),
  ])
  return table(head, rows)
}

/** Markdown: how runs end that end once their limit is decided. */
export function untilTable(results: readonly { cell: UntilCell; result: UntilResult }[]): string {
  const rows = results.map(({ cell, result }) => [
    cell.arrivals,
    `${Math.round(100 * cell.use)} %`,
    String(cell.ofLimit),
    String(result.runs),
    String(result.kept),
    String(result.missed),
    String(result.wrong),
    `${percent(result.played, result.runs)} %`,
  ])
  const head = ['arrivals', 'use', 'p99 / limit', 'runs', 'kept', 'missed', 'wrong', 'time taken']
  return table(head, rows)
}

/** Markdown: per cent of runs whose start-up is left out, or overlooked, or for which no steady block is told. */
export function startUpTable(
  results: readonly {
    arrivals: string
    use: number
    requests: number
    /** In the order of {@link STARTS}. */
    of: readonly StartUps[]
  }[],
): string {
  const rows = results.map(({ arrivals, use, requests, of }) => [
    arrivals,
    `${Math.round(100 * use)} %`,
    requests.toLocaleString('en'),
    ...of.map(({ runs, found, overlooked, untold, whole }, i) =>
      STARTS[i] === 'warm'
        ? `${percent(whole, runs)} whole`
        : [found, overlooked, untold].map((n) => percent(n, runs)).join(' / '),
    ),
  ])
  return table(['arrivals', 'use', 'requests', ...STARTS], rows)
}

/** `97.3 of 64 ±12, 1.1`: per cent covered, of the per cent of runs that gave an interval; its half width; false kept. */
function cellText({ given, covered, falseKept, widths }: Coverage, runs: number): string {
  if (given === 0) return falseKept === 0 ? '–' : `–, ${percent(falseKept, runs)}`
  const middle = [...widths].sort((a, b) => a - b)[Math.floor(given / 2)] as number
  return `${percent(covered, given)} of ${percent(given, runs)} ±${twoDigits(100 * middle)}, ${percent(falseKept, runs)}`
}

function twoDigits(value: number): string {
  return value < 100 ? value.toPrecision(2) : String(Number(value.toPrecision(2)))
}

function spaced(figure: string): string {
  return figure.replace(/_/g, ' ')
}

function percent(n: number, of: number): string {
  return ((100 * n) / of).toFixed(1).replace(/\.0$/, '')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, i) => (i === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')
}
