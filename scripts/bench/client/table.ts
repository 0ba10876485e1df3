import { nameOf } from './levels.ts'
import type { Measured } from './measure.ts'

type Column = [title: string, value: (row: Measured) => string]

const number = (value: number | undefined, digits = 1) =>
  value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(digits)
const signed = (value: number | undefined, digits: number) =>
  value === undefined ? '-' : `${value < 0 ? '' : '+'}${value.toFixed(digits)}`

const columns: Column[] = [
  ['streams', (row) => nameOf(row)],
  ['client', (row) => row.client],
  ['CPU us/token', (row) => number(row.cpuUsPerToken)],
  ['x bare', (row) => number(row.timesBare, 2)],
  ['whole us/token', (row) => number(row.cpuUsPerTokenWhole)],
  ['start-up s', (row) => number(row.startUpS)],
  ['its CPU', (row) => number(row.startUpCpuS)],
  ['peak MiB', (row) => number(row.peakMiB, 0)],
  ['MiB/VU', (row) => number(row.peakMiB && row.peakMiB / row.streams, 2)],
  ['TTFT ms', (row) => number(row.accuracy?.ttftMs)],
  ['server', (row) => number(row.accuracy?.serverTtftMs)],
  ['p99', (row) => number(row.accuracy?.ttftP99Ms)],
  ['server', (row) => number(row.accuracy?.serverTtftP99Ms)],
  ['error', (row) => signed(row.accuracy?.ttftErrorMs, 2)],
  ['p95', (row) => number(row.accuracy?.ttftErrorP95Ms, 2)],
  ['TPOT error %', (row) => signed(row.accuracy?.tpotErrorPercent, 3)],
  ['ITL error ms', (row) => number(row.accuracy?.itlErrorMs, 3)],
  ['p99', (row) => number(row.accuracy?.itlErrorP99Ms, 2)],
  ['requests', (row) => `${row.started ?? '-'}/${row.finished ?? '-'}/${row.serverRequests}`],
]

/** One row per client and level. */
export function renderTable(rows: readonly Measured[]): string {
  const body = rows.map((row) => columns.map(([, value]) => value(row)))
  const lines = [columns.map(([title]) => title), ...body]
  const widths = columns.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)))
  return lines
    .map((line) => line.map((cell, i) => pad(cell, widths[i]!, i < 2)).join('  '))
    .join('\n')
}

function pad(cell: string, width: number, left: boolean): string {
  return left ? cell.padEnd(width) : cell.padStart(width)
}
