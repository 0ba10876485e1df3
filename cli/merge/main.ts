import { parseArgs } from '../arguments.ts'
import { buildReport, renderClosing, renderFigures, renderJson } from '../../lib/report/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { guarded, InputError, show, TERMINAL, UsageError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { certainReport, withSaid } from '../../lib/runs/index.ts'
import { exitOf, LIMITS_MISSED, NO_LOAD, NOT_JUDGED } from '../k6-process/index.ts'
import { findRun, readPods } from '../run-folder/index.ts'
import { shortest } from '../output/index.ts'
import { createOutput } from './output.ts'

const HELP = `Merges the pods of a run (k6-operator, or k6 with --execution-segment) into one result.

  k6-inference merge --out DIR POD...

POD is a folder with a pod's records (.jsonl) and results (.json), a .jsonl file, or a pod's log
(RECORDS=on, \`kubectl logs\`), in any order. Every figure is computed from the requests of all pods, as
if one process had sent them. Writes DIR/SCENARIO.json and DIR/SCENARIO.records.jsonl.

  -o, --out DIR      folder for the result
  --pods N           number of pods in the run; any other number is an error
  --force            replace files that exist
  --skip-bad-lines   leave out records that cannot be read, and list them

Exit code: that of a local run (${LIMITS_MISSED}: an SLO was missed, ${NO_LOAD}: no load was sent); ${NOT_JUDGED} if part of the load is
missing, a pod was evicted, the run is not fully judged for another reason, or, with STRICT, a limit is undecided.
`

/** `k6-inference merge`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('merge', () => merge(argv, terminal), terminal)
}

async function merge(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      out: { type: 'string', short: 'o' },
      pods: { type: 'string' },
      force: { type: 'boolean', default: false },
      'skip-bad-lines': { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    terminal.out(HELP)
    return 0
  }
  const { out, force } = values
  if (out === undefined) throw new UsageError('--out DIR is required')
  if (positionals.length === 0) throw new UsageError('no pods given; name their folders or records')
  const pods = values.pods === undefined ? undefined : Number(values.pods)
  if (pods !== undefined && !(Number.isInteger(pods) && pods > 0)) {
    throw new UsageError(`--pods ${values.pods}: accepted: a whole number from 1`)
  }
  const options = { out, force, pods, skipBad: values['skip-bad-lines'] }
  const { report, file } = await mergeFiles(positionals, options, terminal)
  show(terminal, (shown) => renderClosing(report, shown, shortest(file)))
  return exitOf(report)
}

export interface MergeOptions {
  /** Folder for the result. */
  out: string
  /** Replace files that exist. */
  force: boolean
  /** Number of pods in the run, if it is known: any other number is an error. */
  pods?: number | undefined
  /** Leave out records that cannot be read. */
  skipBad: boolean
  /** Pods that did not end by themselves, each with its name and the reason. */
  lost?: readonly string[]
}

/**
 * Merges the files of a run's pods, writes the result, and shows its figures.
 *
 * @param paths folders and files of the pods, in any order
 * @returns the merged report, and its file
 * @throws InputError when the files cannot be read as one run
 */
export async function mergeFiles(
  paths: readonly string[],
  { out, force, pods, skipBad, lost = [] }: MergeOptions,
  terminal: Terminal,
): Promise<{ report: Report; file: string }> {
  const files = await findRun(paths)
  const output = await createOutput(out)
  try {
    const read = await readPods(files, skipBad, output.add)
    if (pods !== undefined && read.pods !== pods) {
      throw new InputError(`found records of ${read.pods} pods, expected ${pods}`)
    }
    for (const note of read.notes) terminal.note(`merge: ${note}\n`)
    const { head, end, info, summary } = read.merged
    if (info.pods !== undefined && lost.length > 0) info.pods.lost = [...lost]
    const told = withSaid(buildReport({ summary, run: info }), read.said)
    const report = certainReport(told, read.intervals, info)
    const inputs = [...files.records, ...files.results]
    const written = await output.write(
      { scenario: head.run.scenario, json: renderJson(report), head, end },
      { force, inputs },
    )
    show(terminal, (options) => renderFigures(report, options))
    terminal.note(`merge: ${read.requests} requests of ${read.pods} pods\n`)
    return { report, file: written }
  } finally {
    await output.discard()
  }
}
