import { createRecordReader } from '../../lib/records/index.ts'
import type { RunRecord } from '../../lib/records/index.ts'
import { misfits, podsInOrder } from '../../lib/runs/index.ts'
import { headOf } from './find.ts'
import type { RunFiles } from './find.ts'

/**
 * Sorts the records files of one run by their part of the load, so that figures do not depend on the
 * order in which the files were given.
 */
export async function inOrder(files: readonly string[]): Promise<string[]> {
  if (files.length < 2) return [...files]
  const heads = await headsOf(files)
  // A file without a head is refused when it is read.
  const unknown = heads.filter(({ head }) => head === undefined).map(({ file }) => file)
  const known = heads.flatMap(({ file, head }) => (head === undefined ? [] : [{ file, head }]))
  return [...unknown.sort(), ...podsInOrder(known).map(({ file }) => file)]
}

/** Whether the folders belong to pods, each with its own part of one load, rather than to separate runs. */
export async function arePods(runs: readonly RunFiles[]): Promise<boolean> {
  const heads = await headsOf(runs.flatMap(({ records }) => records))
  const known = heads.flatMap(({ file, head }) => (head === undefined ? [] : [{ file, head }]))
  return (
    runs.length > 1 &&
    known.length >= runs.length &&
    known.every(({ head }) => head.run.plan.segment !== null) &&
    misfits(podsInOrder(known)).length === 0
  )
}

/** When the processes began that wrote these records. */
export async function startsOf(files: readonly string[]): Promise<string[]> {
  return (await headsOf(files)).flatMap(({ head }) => head?.startedAt ?? [])
}

function headsOf(files: readonly string[]) {
  return Promise.all(files.map(async (file) => ({ file, head: firstRun(await headOf(file)) })))
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
