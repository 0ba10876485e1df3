import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { createOldCollector, joinRun, runOfReport } from '../../lib/runs/index.ts'
import type { RunData } from '../../lib/runs/index.ts'
import { createRecordReader } from '../../lib/records/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { InputError } from '../command.ts'

/** Records beyond this many problems are no records file. */
const MOST_PROBLEMS = 20
/** A results file is far smaller; more is no results file. */
const MOST_BYTES = 256 * 1024 * 1024

/**
 * The runs that a path names.
 *
 * A `.jsonl` file is one run's records, a `.json` file one run's results; a folder with such files
 * is one run, a folder of such folders is repeats of one run, in the order of their names.
 * @throws InputError beginning with the file (and line) that cannot be used
 */
export async function loadRuns(given: string): Promise<RunData[]> {
  const info = await stat(given).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${given}: ${error.code === 'ENOENT' ? 'does not exist' : error.message}`)
  })
  if (!info.isDirectory()) return [await loadFile(given, given)]
  const own = await loadFolder(given)
  if (own !== undefined) return [own]
  const entries = await readdir(given, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const runs: RunData[] = []
  for (const name of folders.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const run = await loadFolder(path.join(given, name))
    if (run !== undefined) runs.push(run)
  }
  if (runs.length > 0) return runs
  throw new InputError(`${given}: holds no results (.json) and no request records (.jsonl)`)
}

async function loadFolder(folder: string): Promise<RunData | undefined> {
  const names = (await readdir(folder)).sort()
  const jsonl = names.filter((name) => name.endsWith('.jsonl'))
  const results: string[] = []
  for (const name of names.filter((n) => n.endsWith('.json')))
    if (await isReport(path.join(folder, name))) results.push(name)
  for (const [kind, found] of [
    ['request records (.jsonl)', jsonl],
    ['results (.json)', results],
  ] as const)
    if (found.length > 1)
      throw new InputError(
        `${folder}: holds ${found.length} files of ${kind} (${found.join(', ')}); name the one you mean`,
      )
  const [records, result] = [jsonl[0], results[0]]
  const fromRecords = records && (await loadRecords(path.join(folder, records), folder))
  const fromResults = result && (await loadResults(path.join(folder, result), folder))
  if (fromRecords && fromResults) return joinRun(fromRecords, fromResults)
  return fromRecords || fromResults || undefined
}

async function loadFile(file: string, name: string): Promise<RunData> {
  return file.endsWith('.json') ? loadResults(file, name) : loadRecords(file, name)
}

async function loadRecords(file: string, name: string): Promise<RunData> {
  const run = createOldCollector(name)
  const problems: string[] = []
  const reader = createRecordReader({
    onRun: (record) => run.onRun(record),
    onRequest: (record) => run.onRequest(record),
    onProblem: ({ line, message }) => {
      if (problems.length <= MOST_PROBLEMS) problems.push(`${file}:${line}: ${message}`)
    },
  })
  for await (const chunk of createReadStream(file, 'utf8')) {
    reader.feed(chunk as string)
    if (problems.length > MOST_PROBLEMS) break
  }
  reader.end()
  // Figures of a part of a run would pass for those of the whole.
  if (problems.length > 0) throw new InputError(problems.slice(0, MOST_PROBLEMS).join('\n'))
  const data = run.run()
  if (data === undefined)
    throw new InputError(`${file}: has no run record with a measured phase (its first line)`)
  return data
}

async function isReport(file: string): Promise<boolean> {
  const text = await readText(file)
  return text.slice(0, 2000).includes('"k6-inference-report"')
}

async function loadResults(file: string, name: string): Promise<RunData> {
  const report = await readJson(file)
  const { format, version } = (report ?? {}) as Partial<Report>
  if (format !== 'k6-inference-report')
    throw new InputError(
      `${file}: is no results file: "format" is ${JSON.stringify(format) ?? 'missing'}, accepted: "k6-inference-report"`,
    )
  if (version !== 1)
    throw new InputError(
      `${file}: is of version ${JSON.stringify(version) ?? 'missing'}; this program reads version 1`,
    )
  try {
    return runOfReport(name, report as Report)
  } catch (error) {
    throw new InputError(`${file}: is not whole: ${(error as Error).message}`)
  }
}

/** @throws InputError when the file is not JSON, such as one that was cut */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`${file}: is not JSON: ${(error as Error).message}`)
  }
}

async function readText(file: string): Promise<string> {
  const info = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${file}: ${error.code === 'ENOENT' ? 'does not exist' : error.message}`)
  })
  if (info.size > MOST_BYTES) throw new InputError(`${file}: has ${info.size} bytes: no results`)
  return readFile(file, 'utf8')
}
