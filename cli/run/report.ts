import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { Report } from '../../lib/results/index.ts'
import { InputError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { FOR_REPORT, writeOutputs } from '../report/index.ts'
import { readRun, RECORDS_FILE } from '../run-folder/index.ts'
import { keepCertain } from './certain-results.ts'

export interface Reported {
  report: Report
  /** Reports written, absolute paths. */
  files: readonly string[]
  /** Whether all that was to be written was. */
  whole: boolean
}

/**
 * Reports whatever a run left. A run that left nothing has already said why.
 * @param summary whether k6 made results of its own; without them, the report's stand in for them
 * @returns undefined when there is nothing to report
 */
export async function reportOf(
  folder: string,
  { formats, summary, crashed }: { formats: readonly string[]; summary: boolean; crashed: boolean },
  terminal: Terminal,
): Promise<Reported | undefined> {
  // No load was sent, and k6's summary says why.
  if (summary && !crashed && (await recordsNothing(folder))) return undefined
  let report: Report | undefined
  try {
    const stopped = crashed ? 'k6 itself crashed (exit code 2)' : undefined
    const read = await readRun(folder, { ...FOR_REPORT, skipBad: true, stopped })
    report = read.report
    for (const note of read.sources.notes) terminal.note(`report: ${note}\n`)
    const own = summary && !crashed ? [] : ['json']
    if (own.length === 0) await keepCertain(read)
    const all = [...new Set([...formats, ...own])]
    const files = await writeOutputs(read, path.join(folder, 'report'), all, false)
    return { report, files, whole: true }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    terminal.note(`report: ${error.message}\n`)
    return report && { report, files: [], whole: false }
  }
}

async function recordsNothing(folder: string): Promise<boolean> {
  const found = await stat(path.join(folder, RECORDS_FILE)).catch(() => undefined)
  return found?.size === 0
}
