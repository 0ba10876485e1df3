import { appendFile, readFile, truncate } from 'node:fs/promises'
import { judgeLine } from '../../lib/judge/index.ts'
import type { JudgedFile, JudgeHead, Judgement } from '../../lib/judge/index.ts'
import { InputError } from '../command.ts'
import { exists } from '../output/index.ts'
import { readJudged } from '../run-folder/index.ts'

/** What earlier sessions left; undefined where there were none. */
export async function earlier(file: string): Promise<JudgedFile | undefined> {
  return (await exists(file)) ? readJudged(file) : undefined
}

/**
 * Adds lines to the file, each as soon as it is there, so that nothing that was paid for is lost.
 * @param before what the file holds already
 */
export async function createJudgedFile(
  file: string,
  before: JudgedFile | undefined,
): Promise<(line: JudgeHead | Judgement) => Promise<void>> {
  const write = (text: string) =>
    appendFile(file, text).catch((error: Error) => {
      throw new InputError(`${file}: cannot be written: ${error.message}`)
    })
  if (before !== undefined) await endLastLine(file, before, write)
  return (line) => write(judgeLine(line))
}

/** A line that was cut as its writer was killed is taken away; a whole one gets its end. */
async function endLastLine(
  file: string,
  { torn }: JudgedFile,
  write: (text: string) => Promise<void>,
): Promise<void> {
  const bytes = await readFile(file)
  if (torn) await truncate(file, bytes.lastIndexOf(0x0a) + 1)
  else if (bytes.length > 0 && bytes.at(-1) !== 0x0a) await write('\n')
}
