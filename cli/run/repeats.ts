import { betweenRuns } from '../../lib/compare/index.ts'
import type { Between } from '../../lib/compare/index.ts'
import { defaultFigures } from '../../lib/runs/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { inWords, num, pen, percent, textTable } from '../../lib/tables/index.ts'

/** Fewest runs whose spread tells anything. */
const FEWEST = 3

/**
 * How far apart repeats lie, beside what chance within a run explains, for a terminal.
 * @returns '' where there are too few
 */
export function repeatsText(reports: readonly Report[]): string {
  if (reports.length < FEWEST) return ''
  const found = betweenRuns(reports, defaultFigures(reports.map((report) => ({ report }))))
  const rows = found.map((one) => [
    one.title,
    one.unit === 'share' ? percent(one.mean) : num(one.mean),
    deviation(one, one.between),
    one.within === null ? '–' : deviation(one, one.within),
    one.apart ? 'apart' : '',
  ])
  const heading = [`${reports.length} runs`, 'mean', 'between runs', 'within a run', '']
  const table = textTable({ heading, rows, align: 'lrrrl' }, pen(100, false))
  return `\n${table.join('\n')}\n\n  ${sentence(found)}\n`
}

/** A standard deviation, relative where the figure's changes are. */
function deviation({ scale, unit }: Between, value: number): string {
  return `±${scale === 'ratio' || unit === 'share' ? percent(value) : num(value)}`
}

function sentence(found: readonly Between[]): string {
  const apart = found.filter((one) => one.apart).map(({ title }) => title)
  return apart.length === 0
    ? 'standard deviations: what differs between the runs is no more than chance within them explains'
    : `standard deviations: the runs differ in ${inWords(apart)} by more than chance within them explains (a restart, another node, a neighbour?), so the interval of one run is too narrow for the next: compare repeats, not single runs`
}
