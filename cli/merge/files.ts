import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import type { Report } from '../../lib/results/index.ts'
import { InputError } from '../command.ts'

/** Ends of names that hold records; `kubectl logs > pod-1.log` is one. */
const RECORDS = /\.(jsonl|ndjson|log|txt)$/

/**
 * Sorts what was named: a folder stands for all records and results in it and one level below it.
 *
 * @throws InputError for what does not exist, and for a folder without records
 */
export async function filesOf(
  named: readonly string[],
): Promise<{ records: string[]; results: string[] }> {
  const records: string[] = []
  const results: string[] = []
  for (const given of named) {
    const info = await stat(given).catch(() => undefined)
    if (info === undefined) throw new InputError(`${given}: there is no such file or folder`)
    if (!info.isDirectory()) {
      if (given.endsWith('.json')) results.push(given)
      else records.push(given)
      continue
    }
    const inside = (await readdir(given, { recursive: true })).sort()
    const near = inside.filter((name) => name.split(path.sep).length <= 2)
    const found = near.filter((name) => RECORDS.test(name))
    if (found.length === 0) throw new InputError(`${given}: holds no records (.jsonl, .log)`)
    records.push(...found.map((name) => path.join(given, name)))
    for (const name of near.filter((file) => file.endsWith('.json'))) {
      const file = path.join(given, name)
      if ((await readFile(file, 'utf8')).slice(0, 500).includes('k6-inference-report')) {
        results.push(file)
      }
    }
  }
  if (records.length === 0) throw new InputError(`${named.join(', ')}: no records (.jsonl, .log)`)
  return { records, results }
}

/** @throws InputError when a file is not a pod's results */
export async function loadReport(file: string): Promise<Report> {
  let data: Partial<Report>
  try {
    data = JSON.parse(await readFile(file, 'utf8')) as Partial<Report>
  } catch (error) {
    throw new InputError(`${file}: is not JSON: ${(error as Error).message}`)
  }
  if (data.format !== 'k6-inference-report' || data.version !== 1) {
    throw new InputError(`${file}: is no results file of version 1`)
  }
  return data as Report
}
