import { open, readdir, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { InputError } from '../command.ts'
import { looksLikeResults } from './results.ts'

/** The files of one run. */
export interface RunFiles {
  /** What the run is called: the path that was given, or the run's folder in it. */
  name: string
  /** In the order of their names; copies that `report` made among them. */
  results: string[]
  records: string[]
}

/** Ends of names that hold records; `kubectl logs > pod-1.log` is one where its text says so. */
const RECORDS = /\.(jsonl|ndjson)$/
const LOGS = /\.(log|txt)$/
/** A log's first lines are k6's own; records begin within so many bytes. */
const HEAD_BYTES = 256 * 1024

/**
 * The files of one run: a folder stands for those in it, and where it has none itself for those in
 * its folders (pods that left a folder each).
 * @throws InputError for what does not exist, holds no run, or is given twice
 */
export async function findRun(paths: readonly string[]): Promise<RunFiles> {
  const found: RunFiles = { name: paths.join(', '), results: [], records: [] }
  for (const given of paths) {
    const runs = await findRuns(given)
    for (const { results, records } of runs) {
      found.results.push(...results)
      found.records.push(...records)
    }
  }
  await refuseTwice([...found.results, ...found.records])
  return found
}

/**
 * The runs that a path names: a file is one run; a folder with results or records is one run, a
 * folder of such folders is one run each, in the order of their names.
 * @throws InputError for what does not exist or holds no run
 */
export async function findRuns(given: string): Promise<RunFiles[]> {
  const info = await stat(given).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      `${given}: ${error.code === 'ENOENT' ? 'there is no such file or folder' : error.message}`,
    )
  })
  if (!info.isDirectory()) {
    const results = given.endsWith('.json')
    return [{ name: given, results: results ? [given] : [], records: results ? [] : [given] }]
  }
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

/** @returns undefined where the folder itself has neither results nor records */
async function filesIn(folder: string): Promise<RunFiles | undefined> {
  const found: RunFiles = { name: folder, results: [], records: [] }
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  for (const name of names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))) {
    const file = path.join(folder, name)
    if (RECORDS.test(name)) found.records.push(file)
    // Other programs' files may lie here; a broken one of ours must not pass unseen.
    else if (LOGS.test(name) && (await headOf(file)).includes('"record":"run"'))
      found.records.push(file)
    else if (name.endsWith('.json') && looksLikeResults(await headOf(file)))
      found.results.push(file)
  }
  return found.results.length + found.records.length === 0 ? undefined : found
}

/** A run counted twice is a figure doubled. */
async function refuseTwice(files: readonly string[]): Promise<void> {
  const seen = new Map<string, string>()
  for (const file of files) {
    const real = await realpath(file)
    const other = seen.get(real)
    if (other !== undefined)
      throw new InputError(
        `${file}: is given twice${other === file ? '' : ` (it is ${other} too)`}`,
      )
    seen.set(real, file)
  }
}

/** The beginning of a file, as text. */
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
