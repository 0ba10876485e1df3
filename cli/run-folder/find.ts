import { open, readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { InputError } from '../command.ts'
import { JUDGED_FILE, judgedIn } from './judged.ts'
import { looksLikeResults } from './results.ts'
import { looksLikeReviews } from './reviews.ts'

/** What the commands that run k6 call its records, in the folder of the run. Records are found whatever they are called. */
export const RECORDS_FILE = 'requests.jsonl'

/** The files of one run. */
export interface RunFiles {
  /** Name of the run: the given path, or the run's folder below it. */
  name: string
  /** In the order of their names; includes copies that `report` made. */
  results: string[]
  records: string[]
  /** Reviews of its answers, as the report's page saves them. */
  reviews: string[]
  /** What a judge said of their answers: at most one file per folder. */
  judged: string[]
}

/** Endings of records files. A log (`kubectl logs > pod-1.log`) counts if its text contains records. */
const RECORDS = /\.(jsonl|ndjson)$/
const LOGS = /\.(log|txt)$/
/** A log begins with k6's own lines; records begin within this many bytes. */
const HEAD_BYTES = 256 * 1024

/**
 * Finds the files of one run. A folder stands for the files in it, or, if it has none, for those in
 * its subfolders (one per pod).
 * @throws InputError for a path that does not exist or holds no run, or a file given twice
 */
export async function findRun(paths: readonly string[]): Promise<RunFiles> {
  const found = noFiles(paths.join(', '))
  const judged = new Set<string>()
  for (const given of paths) {
    const runs = await findRuns(given)
    for (const { results, records, reviews, ...run } of runs) {
      found.results.push(...results)
      found.records.push(...records)
      found.reviews.push(...reviews)
      for (const file of run.judged) judged.add(file)
    }
    // Of pods in folders of their own, what was said of the whole run lies above them.
    for (const file of await judgedIn(given)) judged.add(file)
  }
  found.judged = [...judged]
  await refuseTwice([...found.results, ...found.records])
  return found
}

/**
 * Finds the runs that a path names. A file, or a folder with results or records, is one run; a folder
 * of such folders holds one run per folder, in the order of their names.
 * @throws InputError for a path that does not exist or holds no run
 */
export async function findRuns(given: string): Promise<RunFiles[]> {
  const info = await stat(given).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      `${given}: ${error.code === 'ENOENT' ? 'there is no such file or folder' : error.message}`,
    )
  })
  if (!info.isDirectory()) return [await fileAlone(given)]
  const own = await filesIn(given)
  if (own !== undefined) return [own]
  const entries = await readdir(given, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  const runs: RunFiles[] = []
  for (const name of folders.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const run = await filesIn(path.join(given, name))
    if (run !== undefined) runs.push(run)
  }
  if (runs.length > 0) return runs
  throw new InputError(`${given}: holds no results (.json) and no request records (.jsonl)`)
}

function noFiles(name: string): RunFiles {
  return { name, results: [], records: [], reviews: [], judged: [] }
}

async function fileAlone(file: string): Promise<RunFiles> {
  const found = { ...noFiles(file), judged: await judgedIn(path.dirname(file)) }
  if (!file.endsWith('.json')) found.records.push(file)
  else if (looksLikeReviews(await headOf(file))) found.reviews.push(file)
  else found.results.push(file)
  return found
}

/** @returns undefined if the folder itself has neither results nor records */
async function filesIn(folder: string): Promise<RunFiles | undefined> {
  const found = noFiles(folder)
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  for (const name of names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const file = path.join(folder, name)
    if (name === JUDGED_FILE) found.judged.push(file)
    else if (RECORDS.test(name)) found.records.push(file)
    // Other programs' files may lie here, but a broken one of ours must not go unnoticed.
    else if (LOGS.test(name) && (await headOf(file)).includes('"record":"'))
      found.records.push(file)
    else if (name.endsWith('.json')) {
      const head = await headOf(file)
      if (looksLikeResults(head)) found.results.push(file)
      else if (looksLikeReviews(head)) found.reviews.push(file)
    }
  }
  return found.results.length + found.records.length === 0 ? undefined : found
}

/** Refuses files given twice: their requests would be counted twice. */
async function refuseTwice(files: readonly string[]): Promise<void> {
  const seen = new Map<string, string>()
  for (const file of files) {
    const real = await realpath(file)
    const other = seen.get(real)
    if (other !== undefined)
      throw new InputError(`${file}: is given twice${other === file ? '' : ` (also as ${other})`}`)
    seen.set(real, file)
  }
}

/** Reads the beginning of a file as text. */
export async function headOf(file: string): Promise<string> {
  const handle = await open(file).catch((error: Error) => {
    throw new InputError(`${file}: cannot be read: ${error.message}`)
  })
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}
