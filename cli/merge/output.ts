import { closeSync, createReadStream, createWriteStream, openSync, writeSync } from 'node:fs'
import { mkdir, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { EndRecord, RunRecord } from '../../lib/records/index.ts'
import { InputError } from '../command.ts'
import type { PodsRecord } from '../run-folder/index.ts'

/** The merged run's files while they are being written. */
export interface MergedOutput {
  add(record: PodsRecord): void
  /** @returns path of the results file */
  write(merged: MergedFiles, allowed: Allowed): Promise<string>
  /** Removes whatever was not written whole. */
  discard(): Promise<void>
}

export interface MergedFiles {
  scenario: string
  json: string
  head: RunRecord
  end: EndRecord | undefined
}

export interface Allowed {
  /** Replace files that exist. */
  force: boolean
  /** Files that are never replaced. */
  inputs: readonly string[]
}

const BATCH = 1 << 20

/**
 * Files are written under temporary names and renamed once all of them are whole.
 * @throws InputError when the folder cannot be created
 */
export async function createOutput(folder: string): Promise<MergedOutput> {
  const made = await mkdir(folder, { recursive: true }).catch(unwritable(folder))
  const beside = (name: string) => path.join(folder, `.merge-${process.pid}.${name}`)
  const [body, records, results] = [beside('body'), beside('records'), beside('results')]
  const file = open(body)
  let pending: string[] = []
  let size = 0
  let closed = false

  return { add, write, discard }

  function add(record: PodsRecord): void {
    const line = `${JSON.stringify(record)}\n`
    pending.push(line)
    if ((size += line.length) > BATCH) flush()
  }

  function flush(): void {
    try {
      writeSync(file, pending.join(''))
    } catch (error) {
      unwritable(body)(error as Error)
    }
    pending = []
    size = 0
  }

  async function write(merged: MergedFiles, { force, inputs }: Allowed): Promise<string> {
    flush()
    close()
    const { scenario, json, head, end } = merged
    if (path.basename(scenario) !== scenario || scenario.startsWith('.')) {
      throw new InputError(`the records' scenario ${JSON.stringify(scenario)} cannot name a file`)
    }
    const into = [
      path.join(folder, `${scenario}.records.jsonl`),
      path.join(folder, `${scenario}.json`),
    ]
    for (const target of into) await refuse(target, force, inputs)
    try {
      // The first line depends on the last records read: it says which pods have an end.
      await writeFile(records, `${JSON.stringify(head)}\n`)
      await pipeline(createReadStream(body), createWriteStream(records, { flags: 'a' }))
      if (end !== undefined) await writeFile(records, `${JSON.stringify(end)}\n`, { flag: 'a' })
      await writeFile(results, json)
      await rename(records, into[0]!)
      await rename(results, into[1]!)
    } catch (error) {
      unwritable(folder)(error as Error)
    }
    return into[1]!
  }

  function close(): void {
    if (!closed) closeSync(file)
    closed = true
  }

  async function discard(): Promise<void> {
    close()
    for (const part of [body, records, results]) await rm(part, { force: true })
    // Of the folders created here, remove those that stayed empty.
    for (let at = path.resolve(folder); made !== undefined; at = path.dirname(at)) {
      const gone = await rmdir(at).then(
        () => true,
        () => false,
      )
      if (!gone || at === path.resolve(made)) return
    }
  }
}

function open(file: string): number {
  try {
    return openSync(file, 'w')
  } catch (error) {
    return unwritable(file)(error as Error)
  }
}

async function refuse(target: string, force: boolean, inputs: readonly string[]): Promise<void> {
  const real = await realpath(target).catch(() => undefined)
  if (real === undefined) return
  for (const input of inputs) {
    if ((await realpath(input)) !== real) continue
    throw new InputError(`${target}: is one of the files to merge; --out names another folder`)
  }
  if (!force) {
    throw new InputError(`${target}: exists; --force replaces it, --out names another folder`)
  }
}

function unwritable(file: string) {
  return (error: Error): never => {
    throw new InputError(`${file}: cannot be written: ${error.message}`)
  }
}
