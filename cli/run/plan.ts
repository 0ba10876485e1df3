import path from 'node:path'
import type { RunOptions } from './options.ts'

export interface PlannedRun {
  folder: string
  /** Set in addition to the user's variables. */
  variables: Record<string, string>
  /** For messages: `a, repeat 2 of 3`; '' for a single run. */
  label: string
}

/**
 * Plans the runs and their folders, in order. Repeats go to `repeat-1`, …; the two targets of an A/B
 * test go to `a` and `b` and take turns going first (A B, B A, A B, …), so that drift over time
 * affects both alike.
 * @param folder folder of the whole test
 */
export function planRuns(
  folder: string,
  { repeat, against }: Pick<RunOptions, 'repeat' | 'against'>,
): PlannedRun[] {
  const rounds = Array.from({ length: repeat }, (_, i) => i + 1)
  if (against === undefined) {
    if (repeat === 1) return [{ folder, variables: {}, label: '' }]
    return rounds.map((n) => ({
      folder: path.join(folder, `repeat-${n}`),
      variables: {},
      label: `repeat ${n} of ${repeat}`,
    }))
  }
  return rounds.flatMap((n) => {
    const one = (side: 'a' | 'b'): PlannedRun => ({
      folder: path.join(folder, side, `repeat-${n}`),
      variables: side === 'b' ? { BASE_URL: against } : {},
      label: `${side}, repeat ${n} of ${repeat}`,
    })
    return n % 2 === 1 ? [one('a'), one('b')] : [one('b'), one('a')]
  })
}

/** Names the folder, such as `20260102T030405-chat-spike`: sorts by time, valid on every file system. */
export function folderName(script: string, at: Date): string {
  const name = path.basename(script).replace(/\.(js|ts|tar)$/, '')
  return `${stampOf(at)}-${name.replace(/[^A-Za-z0-9._-]/g, '_')}`
}

/** A time as names of folders have it: `20260102T030405`. */
export function stampOf(at: Date): string {
  return at.toISOString().replace(/[-:]|\.\d+Z$/g, '')
}
