import { frontierOf, frontierShown } from '../../lib/frontier/index.ts'
import type { Candidate } from '../../lib/frontier/index.ts'
import { frontierCharts } from '../../lib/html/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { asUsage, guarded, InputError, TERMINAL } from '../command.ts'
import type { Terminal } from '../command.ts'
import { write } from '../output/index.ts'
import { readRun } from '../run-folder/index.ts'
import { HELP, readOptions } from './options.ts'

/** `k6-inference frontier`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('frontier', () => frontier(argv, terminal), terminal)
}

async function frontier(argv: readonly string[], terminal: Terminal): Promise<number> {
  const options = readOptions(argv)
  if (options.help) {
    terminal.out(HELP)
    return 0
  }
  const candidates: Candidate[] = []
  // One at a time, and without their requests: the figures are enough.
  for (const { name, path } of options.runs) {
    const run = await readRun(path)
    for (const note of run.sources.notes) terminal.note(`frontier: ${note}\n`)
    if (!run.report.quality?.scores.some(({ grader }) => grader === options.grader)) {
      throw new InputError(`${path}: ${noQuality(options.grader, run.report)}`)
    }
    candidates.push({ name, run: { ...run, requests: undefined }, price: options.prices.get(name) })
  }
  const found = asUsage(() => frontierOf(candidates, options))
  const page = () => ({
    beside: [{ charts: [{ title: 'Which to choose', charts: frontierCharts(found) }] }],
  })
  await write({ shown: [frontierShown(found)], data: found, page }, options.output, terminal)
  return 0
}

function noQuality(grader: string, { quality }: Report): string {
  if (grader === 'judge') return 'its answers were not judged; see k6-inference judge'
  if (grader !== 'all') return `no answer was graded by ${grader}`
  const judged = quality?.judge === undefined ? '' : ', or take --quality judge'
  return `no answer was graded; run with -e GRADED_SHARE=1${judged}`
}
