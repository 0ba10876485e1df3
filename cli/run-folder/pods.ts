import { segmentBounds } from '../../lib/metrics/index.ts'
import { createRecordReader } from '../../lib/records/index.ts'
import type { RunRecord } from '../../lib/records/index.ts'
import { headOf } from './find.ts'

/**
 * Records files of one run in one order, by their part of the load, whatever order they were given
 * in: sums of figures then have the same last digit.
 */
export async function inOrder(files: readonly string[]): Promise<string[]> {
  if (files.length < 2) return [...files]
  const heads = await Promise.all(
    files.map(async (file) => ({ file, head: firstRun(await headOf(file)) })),
  )
  const from = (head: RunRecord | undefined) =>
    segmentBounds(head?.run.plan.segment ?? null)?.from ?? 0
  return heads
    .sort(
      (a, b) =>
        from(a.head) - from(b.head) ||
        compare(a.head?.startedAt ?? '', b.head?.startedAt ?? '') ||
        compare(a.file, b.file),
    )
    .map(({ file }) => file)
}

function firstRun(text: string): RunRecord | undefined {
  let found: RunRecord | undefined
  const reader = createRecordReader({
    onRun: (record) => void (found ??= record),
    onRequest: () => {},
    onProblem: () => {},
  })
  reader.feed(text)
  return found
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
