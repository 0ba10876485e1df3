import { createReadStream } from 'node:fs'
import { createRecordReader } from '../../lib/records/index.ts'
import type { RecordProblem, RecordSink } from '../../lib/records/index.ts'
import { InputError } from '../command.ts'

/** Problems shown of one file; the others are counted. */
const SHOWN = 10

/**
 * Feeds a records file to `sink`, never holding more than a stretch of it.
 * @param skipBad `true` goes on with the sound lines where others are broken; `false` says that there
 *   is the option to; undefined where the command has none
 * @returns what the reader should know of the file: lines left out, other messages
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
  // Figures of a part of a run would pass for those of the whole.
  if (totals.problems > 0 && skipBad !== true) {
    const lines = problems.map(({ line, message }) => `${file}:${line}: ${message}`)
    if (more > 0) lines.push(`${file}: and ${more} more`)
    if (skipBad === false) lines.push('--skip-bad-lines leaves them out')
    throw new InputError(lines.join('\n'))
  }
  const notes = problems.map(({ line, message }) => `${file}:${line}: left out: ${message}`)
  if (more > 0) notes.push(`${file}: left out ${more} more lines`)
  if (totals.foreign > 0) {
    notes.push(
      `${file}: ${totals.foreign} lines are no records but other messages, the first in line ${totals.firstForeign}`,
    )
  }
  return notes
}
