import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { AnyRecord } from '../../../lib/records/index.ts'

/** Writes records as k6 would have, in `folder/requests.jsonl`. */
export async function writeRecords(records: Iterable<AnyRecord>, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const lines = [...records].map((record) => `${JSON.stringify(record)}\n`)
  await writeFile(path.join(folder, 'requests.jsonl'), lines.join(''))
  return folder
}
