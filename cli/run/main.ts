import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Report } from '../../lib/results/index.ts'
import { guarded, InputError, TERMINAL } from '../command.ts'
import type { Terminal } from '../command.ts'
import { main as compare } from '../compare/index.ts'
import {
  CRASHED,
  endOf,
  exitOf,
  findK6,
  findScript,
  LIMITS_MISSED,
  survivesResets,
  withoutSummary,
  worseOf,
} from '../k6-process/index.ts'
import { withKey } from '../key.ts'
import { makeFolder } from '../output/index.ts'
import { parseFormats } from '../report/index.ts'
import { RECORDS_FILE } from '../run-folder/index.ts'
import { k6Arguments } from './k6.ts'
import { expectedFiles, lostFrom } from './lost.ts'
import { HELP, parseRun } from './options.ts'
import type { RunOptions } from './options.ts'
import { folderName, planRuns } from './plan.ts'
import { play } from './play.ts'
import { repeatsText } from './repeats.ts'
import { reportOf } from './report.ts'
import { told } from './told.ts'
import type { Telling } from './told.ts'

/** `k6-inference run`. @param shell the environment: k6 passes all of it to the script */
export function main(
  argv: readonly string[],
  terminal: Terminal = TERMINAL,
  shell: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  return guarded(
    'run',
    async () => {
      const options = parseRun(argv)
      if (!options.help) return runAll(options, terminal, shell)
      terminal.out(HELP)
      return 0
    },
    terminal,
  )
}

/**
 * Runs a scenario as often as asked, each run in its folder.
 * @param telling how it is told; by default with k6's log, tables, and a closing block
 * @returns the exit code
 * @throws InputError, UsageError
 */
export async function runAll(
  options: RunOptions,
  terminal: Terminal,
  shell: NodeJS.ProcessEnv,
  telling: Telling = told(options, terminal),
): Promise<number> {
  const formats = parseFormats(options.formats)
  const keyed = withKey(shell, options.key)
  const script = await findScript(options.script)
  const k6 = await findK6()
  const survives = await survivesResets(k6)
  if (!survives) terminal.note(NO_SUMMARY)
  // k6's own summary would call a load that ended because it was decided stopped early.
  const summary = survives && !options.untilDecided
  const folder = path.resolve(options.out, folderName(script, new Date()))
  await makeNew(folder)
  const expected = expectedFiles({ FORMATS: shell['FORMATS'], ...options.variables }, summary)
  const reports: Report[] = []
  let worst = 0
  let broken = false
  for (const planned of planRuns(folder, options)) {
    if (planned.label !== '') terminal.note(`\nrun: ${planned.label}\n`)
    await makeFolder(planned.folder)
    const args = k6Arguments({
      script,
      folder: planned.folder,
      variables: { ...options.variables, ...planned.variables },
      extra: options.k6Args,
      summary,
    })
    const played = await play(
      {
        k6: k6.path,
        args,
        env: summary ? keyed : withoutSummary(keyed),
        k6Args: options.k6Args,
        records: expected.records ? path.join(planned.folder, RECORDS_FILE) : undefined,
        untilDecided: options.untilDecided,
      },
      telling.log,
      terminal,
    )
    const { code: ended, interrupted, decided } = played
    const crashed = ended === CRASHED
    if (crashed) terminal.note(CRASH)
    if (interrupted !== undefined) terminal.note(`\nrun: stopped by ${interrupted}\n`)
    const found = await reportOf(planned.folder, { formats, summary, crashed }, terminal)
    const reported = found?.report
    if (reported !== undefined) reports.push(reported)
    played.logEnd(reported !== undefined)
    const normal = isBounded(reported) || (decided && reported !== undefined)
    const code = normal ? exitOfBounded(reported) : ended
    worst = worseOf(worst, code)
    if (reported?.certainty?.strict === true) worst = worseOf(worst, exitOf(reported))
    const lost = endOf(code) === 'broken' ? [] : await lostFrom(planned.folder, expected)
    for (const what of lost) terminal.note(`run: ${what}\n`)
    if (lost.length > 0 || found?.whole !== true) worst = worseOf(worst, NOT_KEPT)
    // After a configuration error or Ctrl-C, the next run would end the same way.
    broken = interrupted !== undefined || endOf(code) === 'broken'
    if (broken && planned.label !== '')
      terminal.note(`run: stopped: k6 ended with exit code ${code}\n`)
    if (reported === undefined) terminal.out(played.summary)
    else telling.end({ report: reported, files: found?.files ?? [], folder: planned.folder })
    if (broken) break
  }
  if (options.against === undefined) terminal.note(repeatsText(reports))
  else if (!broken) {
    const sides = ['a', 'b'].map((side) => path.join(folder, side))
    terminal.note(`\nrun: comparing a (before) with b (after)\n`)
    await compare([...sides, '--out', path.join(folder, 'compare.html')], terminal)
  }
  telling.over(folder)
  return worst
}

async function makeNew(folder: string): Promise<void> {
  await makeFolder(path.dirname(folder))
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      error.code === 'EEXIST'
        ? `${folder}: already exists and is not overwritten; try again in a second`
        : `${folder}: cannot be created: ${error.message}`,
    )
  })
}

const NO_SUMMARY = `run: this k6 crashes when a server resets a connection (a fault of its k6/x/tcp), so it runs without
its own summary, and the report is made from the records. Outputs (-o) other than json would still
crash; a k6 with this project's socket module does not, see k6/README.md
`

const CRASH = `
run: k6 itself crashed (exit code 2); the report covers what it had recorded until then
`

/** Exit code of a run whose results, records or reports could not be written. */
const NOT_KEPT = 1

/** Whether the load ended at a bound on what it spends. k6 calls such an end an abort. */
function isBounded(report: Report | undefined): report is Report {
  return report?.bounds.some(({ ended }) => ended) === true
}

/** The exit code that k6 would have given without the abort. */
function exitOfBounded(report: Report): number {
  return exitOf(report) === LIMITS_MISSED ? LIMITS_MISSED : 0
}
