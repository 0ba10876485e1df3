import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { createRecordReader } from '../../lib/records/index.ts'
import type { RecordProblem, RecordSink, RecordTotals } from '../../lib/records/index.ts'
import { readResults } from '../../lib/results/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { InputError } from '../command.ts'

/** Problems shown of one file; the others are counted. */
const SHOWN = 10

export interface Inputs {
  results: string | undefined
  records: string[]
}

/**
 * Sorts what was named on the command line: a folder stands for the results and records in it.
 * @throws InputError for what does not exist, or two results
 */
export async function findInputs(paths: readonly string[]): Promise<Inputs> {
  const results: string[] = []
  const records: string[] = []
  for (const named of paths) {
    const kind = await stat(named).catch(() => undefined)
    if (kind === undefined) throw new InputError(`${named}: there is no such file or folder`)
    if (!kind.isDirectory()) {
      if (named.endsWith('.jsonl')) records.push(named)
      else results.push(named)
      continue
    }
    const files = (await readdir(named)).sort().map((file) => path.join(named, file))
    records.push(...files.filter((file) => file.endsWith('.jsonl')))
    for (const file of files.filter((name) => name.endsWith('.json'))) {
      // Other programs' JSON may lie in the folder; a broken file of ours must not pass unseen.
      if ((await head(file)).includes('k6-inference-report')) results.push(file)
    }
  }
  // A report made here earlier is a copy of the results, or of what the records gave.
  const own = results.filter((file) => path.basename(file) !== 'report.json')
  if (own.length === 1) return { results: own[0], records }
  if (results.length > 1) {
    throw new InputError(`one results file at a time, found ${results.join(' and ')}`)
  }
  if (results.length + records.length === 0) {
    throw new InputError(`${paths.join(', ')}: no results file (.json) and no records (.jsonl)`)
  }
  return { results: results[0], records }
}

async function head(file: string): Promise<string> {
  let text = ''
  for await (const chunk of createReadStream(file, { end: 200, encoding: 'utf8' })) text += chunk
  return text
}

/** @throws InputError that begins with the file's name */
export async function loadResults(file: string): Promise<Report> {
  const read = readResults(await readFile(file, 'utf8').catch(unreadable(file)))
  if (!read.ok) throw new InputError(`${file}: ${read.message}`)
  return read.report
}

/**
 * Feeds a records file to `sink`, never holding more than a stretch of it.
 * @param skipBad go on with the sound lines where others are broken; they are returned
 * @throws InputError with file and line of each broken record, unless `skipBad`
 */
export async function loadRecords(
  file: string,
  sink: Omit<RecordSink, 'onProblem'>,
  skipBad: boolean,
): Promise<{ totals: RecordTotals; problems: RecordProblem[] }> {
  const problems: RecordProblem[] = []
  const reader = createRecordReader({
    ...sink,
    onProblem: (problem) => problems.length < SHOWN && problems.push(problem),
  })
  try {
    for await (const chunk of createReadStream(file, {
      encoding: 'utf8',
      highWaterMark: 1 << 20,
    })) {
      reader.feed(chunk as string)
    }
  } catch (error) {
    unreadable(file)(error)
  }
  const totals = reader.end()
  if (totals.problems > 0 && !skipBad) {
    const lines = problems.map(({ line, message }) => `${file}:${line}: ${message}`)
    const more = totals.problems - problems.length
    if (more > 0) lines.push(`${file}: and ${more} more`)
    throw new InputError(`${lines.join('\n')}\n--skip-bad-lines leaves them out`)
  }
  return { totals, problems }
}

function unreadable(file: string) {
  return (error: unknown): never => {
    throw new InputError(`${file}: cannot be read: ${(error as Error).message}`)
  }
}
