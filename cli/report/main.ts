import path from 'node:path'
import { parseArgs } from '../arguments.ts'
import { renderClosing } from '../../lib/report/index.ts'
import { withTexts } from '../../lib/runs/index.ts'
import { guarded, show, TERMINAL, UsageError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { shortest } from '../output/index.ts'
import { readRun } from '../run-folder/index.ts'
import { FOR_REPORT, FORMATS, parseFormats, writeOutputs } from './outputs.ts'

const HELP = `Makes a report of a finished run.

  k6-inference report FOLDER | RESULTS.json [RECORDS.jsonl ...] [options]

  --out BASE          write BASE.html, BASE.csv, …  (default: "report" beside the input)
  --formats LIST      list of ${Object.keys(FORMATS).join(', ')}  (default html)
  --force             replace files that exist
  --texts             put the kept answers that are worth reading into the JSON, not only their ids
  --skip-bad-lines    leave out records that cannot be read, and list them

Figures come from the results file that a run writes (RESULTS). Records (RECORDS=on) add figures over
time, distributions, the slowest and failed requests, and answers to read and mark (KEEP_ANSWERS), with
the marks of a .reviews.json in the folder. With records alone, all figures are computed from them.

Examples:
  k6-inference report results/20260102T030405-chat-spike
  k6-inference report results/chat-spike.json results/requests.jsonl --formats html,md
  k6-inference report pod-1.jsonl pod-2.jsonl --out merged/report
`

/** `k6-inference report`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded(
    'report',
    async () => {
      const { values, positionals } = parseArgs({
        args: [...argv],
        allowPositionals: true,
        options: {
          out: { type: 'string' },
          formats: { type: 'string', default: 'html' },
          force: { type: 'boolean', default: false },
          texts: { type: 'boolean', default: false },
          'skip-bad-lines': { type: 'boolean', default: false },
          help: { type: 'boolean', short: 'h', default: false },
        },
      })
      if (values.help) {
        terminal.out(HELP)
        return 0
      }
      const [first] = positionals
      if (first === undefined) throw new UsageError('no run given; name its folder or a file of it')
      const formats = parseFormats(values.formats)
      const read = await readRun(positionals, { ...FOR_REPORT, skipBad: values['skip-bad-lines'] })
      const run = values.texts ? withTexts(read) : read
      const { results, records, notes } = run.sources
      for (const note of notes) terminal.note(`report: ${note}\n`)
      const folder = path.dirname((results[0] ?? records[0]) as string)
      const base = values.out ?? path.join(folder, 'report')
      const files = await writeOutputs(run, base, formats, values.force)
      for (const file of files) terminal.out(`${file}\n`)
      // What a pipe gets is the files.
      const beside = { ...terminal, out: terminal.note }
      show(beside, (options) => renderClosing(run.report, options, shortest(files[0])))
      return 0
    },
    terminal,
  )
}
