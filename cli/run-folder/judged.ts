import { stat } from 'node:fs/promises'
import path from 'node:path'
import { judgeGrades, readJudgedFile, withJudge } from '../../lib/judge/index.ts'
import type { JudgedFile, JudgeGrade } from '../../lib/judge/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import { InputError } from '../command.ts'
import { readText } from './results.ts'

/** What `judge` writes beside a run. */
export const JUDGED_FILE = 'judged.jsonl'

/** Where the judge of a run writes, by the folder or a file of the run. @throws InputError when there is none */
export async function judgedFileOf(given: string): Promise<string> {
  const info = await stat(given).catch(() => undefined)
  if (info === undefined) throw new InputError(`${given}: there is no such file or folder`)
  return path.join(info.isDirectory() ? given : path.dirname(given), JUDGED_FILE)
}

/** The file that a judge left in a folder, if there is one. */
export async function judgedIn(folder: string): Promise<string[]> {
  const file = path.join(folder, JUDGED_FILE)
  const info = await stat(file).catch(() => undefined)
  return info?.isFile() ? [file] : []
}

/** @throws InputError with file and line of what is no judgement */
export async function readJudged(file: string): Promise<JudgedFile> {
  const found = readJudgedFile(await readText(file))
  const [first] = found.problems
  if (first === undefined) return found
  const more = found.problems.length > 1 ? ` (and ${found.problems.length - 1} more lines)` : ''
  throw new InputError(`${file}:${first.line}: ${first.message}${more}`)
}

/** A file that a judge left, and what it holds. */
export interface FoundJudged {
  file: string
  read: JudgedFile
}

/** @throws InputError, beginning with the file, for a broken one */
export async function readAllJudged(files: readonly string[]): Promise<FoundJudged[]> {
  const found: FoundJudged[] = []
  for (const file of files) found.push({ file, read: await readJudged(file) })
  return found
}

/**
 * The run with what was said of its answers after it.
 * @param notes gets a note on each file that is left out, being of another run
 */
export function judgedRun(run: Run, files: readonly FoundJudged[], notes: string[]): Run {
  const { startedAt } = run.report.run
  let found = run
  for (const { file, read } of files) {
    if (read.head === undefined) continue
    const { runStartedAt: of } = read.head
    if (of === startedAt) found = withJudge(found, read)
    else notes.push(`${file}: left out: it judges the run started at ${of}, not ${startedAt}`)
  }
  return found
}

/**
 * What judges said of each request, as grades.
 * @param starts of the processes of the run: files of other runs are left out
 */
export function gradesIn(
  files: readonly FoundJudged[],
  starts: readonly string[],
): Map<string, JudgeGrade> {
  const found: [string, JudgeGrade][] = []
  for (const { read } of files) {
    if (starts.includes(read.head?.runStartedAt ?? '')) found.push(...judgeGrades(read))
  }
  return new Map(found)
}
