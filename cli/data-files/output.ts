import { createWriteStream } from 'node:fs'
import { realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { InputError } from '../command.ts'

/**
 * Where an output is to go, judged before anything is read.
 * @param input file that is read, never to be replaced
 * @param force replace a file that exists
 * @throws InputError for the input itself, and for a file that exists
 */
export async function outputFile(
  path: string | undefined,
  input: string,
  force: boolean,
): Promise<string | undefined> {
  if (path === undefined) return undefined
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined) return path
  if (real === (await realpath(input).catch(() => undefined)))
    throw new InputError(`--out ${path} is the input itself: give another name`)
  if (!force && (await stat(real)).isFile())
    throw new InputError(`--out ${path} exists: give another name, or --force to replace it`)
  return real
}

/**
 * Writes lines to a file, or by `write` where `path` is undefined, no faster than they are taken. A
 * file is made beside its place and moved there when it is whole: a command that fails leaves
 * nothing behind, and what was there before as it was.
 */
export async function writeLines(
  path: string | undefined,
  lines: Iterable<string> | AsyncIterable<string>,
  write: (text: string) => void,
): Promise<void> {
  if (path === undefined) {
    for await (const line of lines) write(line)
    return
  }
  // A pipe or device cannot be moved to.
  const isPlain = await stat(path).then(
    (found) => found.isFile(),
    () => true,
  )
  const made = isPlain ? join(dirname(path), `.k6-inference-${process.pid}.part`) : path
  try {
    await pipeline(Readable.from(batches(lines)), createWriteStream(made))
    if (isPlain) await rename(made, path)
  } catch (error) {
    if (isPlain) await rm(made, { force: true })
    if (error instanceof InputError) throw error
    throw new InputError(`cannot write ${path}: ${(error as Error).message}`)
  }
}

/** Lines joined to pieces of 64 KB: a stream costs microseconds a piece. */
async function* batches(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let held = ''
  for await (const line of lines) {
    held += line
    if (held.length > 65536) {
      yield held
      held = ''
    }
  }
  if (held !== '') yield held
}
