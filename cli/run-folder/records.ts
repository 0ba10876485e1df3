import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createRecordReader } from '../../lib/records/index.ts'
import type { EndRecord, RecordProblem, RecordSink } from '../../lib/records/index.ts'
import { InputError } from '../command.ts'

/** Problems shown per file; the rest are counted. */
const SHOWN = 10

/**
 * Feeds a records file to `sink`, holding only a part of it at a time.
 * @param skipBad `true` skips broken lines; `false` fails and mentions the option; undefined for
 *   commands without the option
 * @returns notes for the user: lines left out. Messages of k6 and of scripts stand in each such file.
 * @throws InputError with file and line of each broken record, unless they are skipped
 */
export async function readRecords(
  file: string,
  sink: Omit<RecordSink, 'onProblem'>,
  skipBad?: boolean,
): Promise<string[]> {
  const problems: RecordProblem[] = []
  const reader = createRecordReader({
    ...sink,
    onProblem: (problem) => void (problems.length < SHOWN && problems.push(problem)),
  })
  try {
    const stream = createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 })
    for await (const chunk of stream) reader.feed(chunk as string)
  } catch (error) {
    throw new InputError(`${file}: cannot be read: ${(error as Error).message}`)
  }
  const totals = reader.end()
  const more = totals.problems - problems.length
  // Without an error, figures of part of a run would pass for those of the whole.
  if (totals.problems > 0 && skipBad !== true) {
    const lines = problems.map(({ line, message }) => `${file}:${line}: ${message}`)
    if (more > 0) lines.push(`${file}: and ${more} more`)
    if (skipBad === false) lines.push('--skip-bad-lines leaves them out')
    throw new InputError(lines.join('\n'))
  }
  const notes = problems.map(({ line, message }) => `${file}:${line}: left out: ${message}`)
  if (more > 0) notes.push(`${file}: ${more} more lines left out`)
  return notes
}

/** Enough for the last record and some lines of the user's own after it. */
const TAIL_BYTES = 65_536

/** The record that a process writes when it is done, read from the end of the file; undefined without one. */
export async function lastEnd(file: string): Promise<EndRecord | undefined> {
  const handle = await open(file).catch(() => undefined)
  if (handle === undefined) return undefined
  try {
    const { size } = await handle.stat()
    const from = Math.max(0, size - TAIL_BYTES)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, from)
    let found: EndRecord | undefined
    const onEnd = (end: EndRecord) => void (found = end)
    const reader = createRecordReader({ onRequest() {}, onEnd, onProblem() {} })
    reader.feed(buffer.toString('utf8', 0, bytesRead))
    reader.end()
    return found
  } finally {
    await handle.close()
  }
}
