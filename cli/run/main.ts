import { appendFile, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { renderText, saidRows } from '../../lib/report/index.ts'
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
  runK6,
  survivesResets,
  withoutSummary,
  worseOf,
} from '../k6-process/index.ts'
import type { K6Ended, K6Process } from '../k6-process/index.ts'
import { withKey } from '../key.ts'
import { makeFolder } from '../output/index.ts'
import { FOR_REPORT, parseFormats, writeOutputs } from '../report/index.ts'
import { readRun } from '../run-folder/index.ts'
import { k6Arguments } from './k6.ts'
import { expectedFiles, lostFrom } from './lost.ts'
import { HELP, parseRun } from './options.ts'
import { folderName, planRuns } from './plan.ts'
import { keepCertain } from './certain-results.ts'
import { repeatsText } from './repeats.ts'
import { watchLimits } from './until-decided.ts'

/** `k6-inference run`. @param shell the environment: k6 passes all of it to the script */
export function main(
  argv: readonly string[],
  terminal: Terminal = TERMINAL,
  shell: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  return guarded('run', () => run(argv, terminal, shell), terminal)
}

async function run(
  argv: readonly string[],
  terminal: Terminal,
  shell: NodeJS.ProcessEnv,
): Promise<number> {
  const options = parseRun(argv)
  if (options.help) {
    terminal.out(HELP)
    return 0
  }
  const formats = parseFormats(options.formats)
  const keyed = withKey(shell, options.key)
  const script = await findScript(options.script)
  const k6 = await findK6()
  const survives = await survivesResets(k6)
  if (!survives) terminal.note(NO_SUMMARY)
  // k6's own summary would call a load that ended because it was decided stopped early.
  const summary = survives && !options.untilDecided
  const folder = path.resolve(options.out, folderName(script, new Date()))
  await makeFolder(path.dirname(folder))
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      error.code === 'EEXIST'
        ? `${folder}: already exists and is not overwritten; try again in a second`
        : `${folder}: cannot be created: ${error.message}`,
    )
  })
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
    const env = summary ? keyed : withoutSummary(keyed)
    const records = path.join(planned.folder, 'requests.jsonl')
    const watch = options.untilDecided ? records : undefined
    const {
      code: ended,
      interrupted,
      decided,
    } = await play({ k6: k6.path, args, env }, watch, terminal)
    const crashed = ended === CRASHED
    if (crashed) terminal.note(CRASH)
    if (interrupted !== undefined) terminal.note(`\nrun: stopped by ${interrupted}\n`)
    const reported = await report(planned.folder, { formats, summary, crashed }, terminal)
    if (reported !== undefined) reports.push(reported)
    const normal = isBounded(reported) || (decided && reported !== undefined)
    const code = normal ? exitOfBounded(reported) : ended
    worst = worseOf(worst, code)
    if (reported?.certainty?.strict === true) worst = worseOf(worst, exitOf(reported))
    const lost = endOf(code) === 'broken' ? [] : await lostFrom(planned.folder, expected)
    for (const what of lost) terminal.note(`run: ${what}\n`)
    if (lost.length > 0 || reported === undefined) worst = worseOf(worst, NOT_KEPT)
    if (interrupted !== undefined || endOf(code) === 'broken') {
      // After a configuration error or Ctrl-C, the next run would end the same way.
      if (planned.label !== '') terminal.note(`run: stopped: k6 ended with exit code ${code}\n`)
      broken = true
      break
    }
  }
  if (options.against === undefined) terminal.note(repeatsText(reports))
  if (options.against !== undefined && !broken) {
    const sides = ['a', 'b'].map((side) => path.join(folder, side))
    terminal.note(`\nrun: comparing a (before) with b (after)\n`)
    await compare(sides, terminal)
  }
  terminal.out(`${folder}\n`)
  return worst
}

const NO_SUMMARY = `run: this k6 crashes when a server resets a connection (a fault of its k6/x/tcp), so it runs without
its own summary, and the report is made from the records. Outputs (-o) other than json would still
crash; a k6 with this project's socket module does not, see k6/README.md
`

const CRASH = `
run: k6 itself crashed (exit code 2); the report covers what it had recorded until then
`

/**
 * Runs k6, and ends it once its limits are decided where its records are watched for that.
 * @returns whether they were
 */
async function play(
  k6: K6Process,
  watched: string | undefined,
  terminal: Terminal,
): Promise<K6Ended & { decided: boolean }> {
  if (watched === undefined) return { ...(await runK6(k6)), decided: false }
  const [over, stop] = [new AbortController(), new AbortController()]
  const watch = watchLimits(watched, (text) => terminal.note(`run: ${text}\n`))
  const watching = watch.decided(over.signal).then((decided) => {
    if (decided) stop.abort()
  })
  const ended = await runK6({ ...k6, stop: stop.signal })
  over.abort()
  await watching
  const { decided, line } = await watch.ending()
  if (line !== undefined) await appendFile(watched, `${line}\n`)
  return { ...ended, decided }
}

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

/**
 * Reports whatever the run left. A run that left nothing has already said why.
 * @returns the report; undefined when there is none, or it could not be written
 */
async function report(
  folder: string,
  { formats, summary, crashed }: { formats: readonly string[]; summary: boolean; crashed: boolean },
  terminal: Terminal,
): Promise<Report | undefined> {
  try {
    const stopped = crashed ? 'k6 itself crashed (exit code 2)' : undefined
    const read = await readRun(folder, { ...FOR_REPORT, skipBad: true, stopped })
    for (const note of read.sources.notes) terminal.note(`report: ${note}\n`)
    // Stand in for k6's summary: figures on the terminal and as JSON.
    const own = summary && !crashed ? [] : ['json']
    if (own.length > 0) terminal.note(renderText(read.report, { width: 100, color: false }))
    else for (const [, said] of saidRows(read.report)) terminal.note(`report: ${said}\n`)
    const certain = own.length > 0 ? undefined : await keepCertain(read)
    if (certain !== undefined) terminal.note(`report: ${certain}\n`)
    const all = [...new Set([...formats, ...own])]
    const files = await writeOutputs(read, path.join(folder, 'report'), all, false)
    for (const file of files) terminal.note(`report: ${file}\n`)
    return read.report
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    terminal.note(`report: ${error.message}\n`)
    return undefined
  }
}
