import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { DEFAULT_FIGURES } from '../../lib/runs/index.ts'
import { trendClosing, trendRun, trendShown, trendsOf } from '../../lib/compare/index.ts'
import type { TrendRun } from '../../lib/compare/index.ts'
import { trendCharts } from '../../lib/html/index.ts'
import { InputError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { readRuns } from '../run-folder/index.ts'
import type { Output } from '../output/index.ts'

/**
 * The figures of every run below a folder over time: run folders, results and records files.
 * A run that cannot be read is reported and left out, so that it does not hide the others.
 */
export async function trendOutput(
  folder: string,
  options: { figures: readonly string[] | undefined; alpha: number | undefined },
  terminal: Terminal,
): Promise<Output> {
  const ids = options.figures ?? DEFAULT_FIGURES
  const entries = await readdir(folder, { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'does not exist' : error.message
      throw new InputError(`${folder}: ${why}`)
    },
  )
  const runs: TrendRun[] = []
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
    if (!entry.isDirectory() && !/\.jsonl?$/.test(entry.name)) continue
    try {
      // One at a time: the requests of a year's runs would not fit into memory.
      for (const run of await readRuns(path.join(folder, entry.name)))
        runs.push(trendRun({ ...run, name: path.relative(folder, run.name) || run.name }, ids))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      terminal.note(`left out: ${error.message.split('\n')[0]}\n`)
    }
  }
  if (runs.length === 0) throw new InputError(`${folder}: holds no readable run`)
  const report = trendsOf(runs, ids, options.alpha)
  const runsAt = report.runs.map(({ name }) => ({ name, at: path.join(folder, name) }))
  const page = () => ({
    beside: [{ charts: [{ title: 'Over the runs', charts: trendCharts(report) }] }],
    runs: runsAt,
  })
  const shown = [trendShown(report)]
  const closing = trendClosing(report, shown)
  return { shown, data: report, closing, page }
}
