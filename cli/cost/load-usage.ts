import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { createUsageCollector } from '../../lib/cost/index.ts'
import type { Usage } from '../../lib/cost/index.ts'
import { createRecordReader } from '../../lib/records/index.ts'
import { InputError } from '../command.ts'

/** What a run used, from its records file or the folder that holds it. */
export async function loadUsage(given: string): Promise<Usage> {
  const file = await recordsFile(given)
  const usage = createUsageCollector()
  const problems: string[] = []
  const reader = createRecordReader({
    onRun: usage.onRun,
    onRequest: usage.onRequest,
    onServer: usage.onServer,
    onProblem: ({ line, message }) => void problems.push(`${file}:${line}: ${message}`),
  })
  for await (const chunk of createReadStream(file, 'utf8')) {
    reader.feed(chunk as string)
    if (problems.length > 20) break
  }
  reader.end()
  if (problems.length > 0) throw new InputError(problems.slice(0, 20).join('\n'))
  const found = usage.usage()
  if (found === undefined)
    throw new InputError(`${file}: has no run record with a measured phase (its first line)`)
  return found
}

async function recordsFile(given: string): Promise<string> {
  const info = await stat(given).catch((error: NodeJS.ErrnoException) => {
    throw new InputError(`${given}: ${error.code === 'ENOENT' ? 'does not exist' : error.message}`)
  })
  if (!info.isDirectory()) return given
  const names = (await readdir(given)).filter((name) => name.endsWith('.jsonl'))
  if (names.length !== 1)
    throw new InputError(
      `${given}: holds ${names.length} files of request records (.jsonl); one is accepted`,
    )
  return path.join(given, names[0] as string)
}
