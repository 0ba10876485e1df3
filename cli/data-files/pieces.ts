import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InputError } from '../command.ts'
import { parquetLines } from './parquet.ts'

/** How a Parquet file begins and ends. */
const PARQUET = 'PAR1'

/**
 * Pieces of a file's text as they are read; `-` is standard input, `.gz` is unpacked on the way, and the
 * rows of a Parquet file are JSON lines.
 * @throws InputError for a file that cannot be read
 */
export async function* pieces(path: string): AsyncGenerator<string> {
  try {
    if (path !== '-' && (await beginningOf(path)) === PARQUET) yield* parquetLines(path)
    else yield* textOf(path)
  } catch (error) {
    throw new InputError(`cannot read ${path}: ${(error as Error).message}`)
  }
}

async function* textOf(path: string): AsyncGenerator<string> {
  const file: Readable = path === '-' ? process.stdin : createReadStream(path)
  const bytes = path.endsWith('.gz') ? file.pipe(createGunzip()) : file
  // pipe does not pass a failure on.
  if (bytes !== file) file.on('error', (error) => bytes.destroy(error))
  bytes.setEncoding('utf8')
  for await (const piece of bytes) yield piece as string
}

/** The first characters of a plain file; '' for a pipe, of which they would be gone. */
async function beginningOf(path: string): Promise<string> {
  const file = await open(path)
  try {
    if (!(await file.stat()).isFile()) return ''
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PARQUET.length), 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await file.close()
  }
}
