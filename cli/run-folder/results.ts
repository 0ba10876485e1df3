import { readFile, stat } from 'node:fs/promises'
import { readResults } from '../../lib/results/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { InputError } from '../command.ts'

/** Results files are far smaller; a larger file is something else. */
const MOST_BYTES = 256 * 1024 * 1024

/** Whether a file claims, in its first characters, to hold results; they may still be broken. */
export function looksLikeResults(head: string): boolean {
  return head.slice(0, 2000).includes('k6-inference-report')
}

/** @throws InputError, beginning with the file, when it is not a valid results file */
export async function readReport(file: string): Promise<Report> {
  const read = readResults(await readText(file))
  if (!read.ok) throw new InputError(`${file}: ${read.message}`)
  return read.report
}

/** @throws InputError when the file is not JSON, for example because it was cut off */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`${file}: is not JSON: ${(error as Error).message}`)
  }
}

/** @throws InputError when there is no such file, or it is far too large */
export async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size > MOST_BYTES) throw new Error(`${size} bytes is too large for results`)
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new InputError(
      `${file}: ${code === 'ENOENT' ? 'there is no such file or folder' : `cannot be read: ${message}`}`,
    )
  }
}
