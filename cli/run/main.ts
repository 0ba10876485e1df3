import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { guarded, InputError, TERMINAL } from '../command.ts'
import type { Terminal } from '../command.ts'
import { main as compare } from '../compare/index.ts'
import { endOf, findK6, findScript, runK6, worseOf } from '../k6-process/index.ts'
import { FOR_REPORT, parseFormats, writeOutputs } from '../report/outputs.ts'
import { readRun } from '../run-folder/index.ts'
import { k6Arguments } from './k6.ts'
import { HELP, parseRun } from './options.ts'
import { folderName, planRuns } from './plan.ts'

/** `k6-inference run`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('run', () => run(argv, terminal), terminal)
}

async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const options = parseRun(argv)
  if (options.help) {
    terminal.out(HELP)
    return 0
  }
  const formats = parseFormats(options.formats)
  const script = await findScript(options.script)
  const k6 = await findK6()
  const folder = path.resolve(options.out, folderName(script, new Date()))
  await mkdir(path.dirname(folder), { recursive: true })
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      error.code === 'EEXIST'
        ? `${folder}: exists already, and nothing is overwritten; try again in a second`
        : `${folder}: cannot be made: ${error.message}`,
    )
  })
  let worst = 0
  let broken = false
  for (const planned of planRuns(folder, options)) {
    if (planned.label !== '') terminal.note(`\nrun: ${planned.label}\n`)
    await mkdir(planned.folder, { recursive: true })
    const args = k6Arguments({
      script,
      folder: planned.folder,
      variables: { ...options.variables, ...planned.variables },
      extra: options.k6Args,
    })
    const { code, interrupted } = await runK6({ k6, args, env: process.env })
    worst = worseOf(worst, code)
    await report(planned.folder, formats, terminal)
    if (interrupted !== undefined || endOf(code) === 'broken') {
      // A configuration that is wrong, or Ctrl-C: the next run would end the same way.
      if (planned.label !== '') terminal.note(`run: stopped, as k6 ended with code ${code}\n`)
      broken = true
      break
    }
  }
  if (options.against !== undefined && !broken) {
    const sides = ['a', 'b'].map((side) => path.join(folder, side))
    terminal.note(`\nrun: comparing a (before) with b (after)\n`)
    await compare(sides, terminal)
  }
  terminal.out(`${folder}\n`)
  return worst
}

/** What a run left is reported as far as it goes; a run that left nothing has said why itself. */
async function report(
  folder: string,
  formats: readonly string[],
  terminal: Terminal,
): Promise<void> {
  try {
    const read = await readRun(folder, { ...FOR_REPORT, skipBad: true })
    for (const note of read.sources.notes) terminal.note(`report: ${note}\n`)
    const files = await writeOutputs(read, path.join(folder, 'report'), formats, false)
    for (const file of files) terminal.note(`report: ${file}\n`)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    terminal.note(`report: ${error.message}\n`)
  }
}
