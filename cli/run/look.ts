import { createRunCollector, endedAt, makeRun } from '../../lib/runs/index.ts'
import type { RunRecord } from '../../lib/records/index.ts'
import type { SloVerdict } from '../../lib/results/index.ts'
import { InputError } from '../command.ts'
import { readRecords } from '../run-folder/index.ts'

/** The first line of a run's records; undefined while it is not there yet. */
export async function headOf(file: string): Promise<RunRecord | undefined> {
  let found: RunRecord | undefined
  const onRun = (head: RunRecord) => {
    found ??= head
  }
  try {
    await readRecords(file, { ...NOTHING, onRun }, true)
  } catch (error) {
    // k6 makes the file when it starts.
    if (!(error instanceof InputError)) throw error
  }
  return found
}

/**
 * The limits of a run that goes on, as its records so far judge them. A request that has no answer yet has
 * no record, and the slow ones are missing most: so the run is taken to have ended as long ago as its
 * longest answer took.
 * @param file records that k6 is still writing
 * @param nowMs ms from the start of the load
 * @param confidence of the verdicts, 0-1, two-sided
 */
export async function lookAt(
  file: string,
  nowMs: number,
  confidence: number,
): Promise<readonly SloVerdict[]> {
  const endMs = nowMs - (await longestAnswerMs(file))
  const collector = createRunCollector({
    requests: false,
    detail: false,
    figures: true,
    intervals: true,
  })
  const sink = collector.file(file)
  const onRun = (head: RunRecord, line: number) =>
    sink.onRun?.({ ...head, run: { ...endedAt(head.run, endMs), confidence } }, line)
  await readRecords(
    file,
    {
      onRun,
      onRequest(record, line) {
        if ((record.dueMs ?? record.startMs) < endMs) sink.onRequest?.(record, line)
      },
    },
    // The last line may be half written.
    true,
  )
  sink.onEnd?.({ v: 1, record: 'end', atMs: endMs, interrupted: 0 }, 0)
  const found = collector.collected()
  if (!found.ok) throw new InputError(found.problems.join('\n'))
  const sources = { results: [], records: [file], pods: 1, notes: [] }
  return makeRun(file, { collected: found.collected }, sources).report.slo
}

async function longestAnswerMs(file: string): Promise<number> {
  let longest = 0
  await readRecords(
    file,
    {
      onRequest({ dueMs, startMs, endMs }) {
        longest = Math.max(longest, endMs - (dueMs ?? startMs))
      },
    },
    true,
  )
  return longest
}

const NOTHING = { onRequest() {} }
