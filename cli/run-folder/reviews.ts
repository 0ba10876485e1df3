import { readReviews, REVIEWS_FORMAT, withReviews } from '../../lib/runs/index.ts'
import type { Run } from '../../lib/runs/index.ts'
import { InputError } from '../command.ts'
import { readJson } from './results.ts'

/** Whether a file claims, in its first characters, to hold reviews; they may still be broken. */
export function looksLikeReviews(head: string): boolean {
  return head.slice(0, 2000).includes(REVIEWS_FORMAT)
}

/**
 * Reads reviews of a run's answers, where the report has answers.
 * @param notes gets a note on each file that is left out, being of another run
 * @throws InputError, beginning with the file, for a broken one
 */
export async function reviewed(run: Run, files: readonly string[], notes: string[]): Promise<Run> {
  if (files.length === 0 || run.report.answers === undefined) return run
  const { startedAt } = run.report.run
  const reviews = []
  for (const file of files) {
    const read = readReviews(await readJson(file))
    if (!read.ok) throw new InputError(`${file}: ${read.message}`)
    const { startedAt: of } = read.file
    if (of === startedAt) reviews.push(...read.file.reviews)
    else
      notes.push(`${file}: left out: its reviews are of the run started at ${of}, not ${startedAt}`)
  }
  return withReviews(run, reviews)
}
