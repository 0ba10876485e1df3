import { createRunCollector, dueOf, endedAt, makeRun } from '../../lib/runs/index.ts'
import type { EndRecord, RequestRecord, RunRecord, SeenPart } from '../../lib/records/index.ts'
import type { SloVerdict } from '../../lib/results/index.ts'
import { duration } from '../../lib/tables/index.ts'
import { InputError } from '../command.ts'
import { createFollower } from './follow.ts'
import { createUnanswered } from './unanswered.ts'
import type { Unanswered } from './unanswered.ts'

/** What a look at a run that goes on has found. */
export interface Seen {
  readonly slo: readonly SloVerdict[]
  readonly part: SeenPart
  /** Of the requests due in that part, those that had no answer yet. */
  readonly unanswered: number
}

/** Records kept in memory until it is sure that the next look sees them. */
const MOST_HELD = 10_000

/** Looks at a run through the records that k6 is writing, of which it reads each line once. */
export interface Looker {
  /** The first line of the records; undefined while it is not there yet. */
  head(): Promise<RunRecord | undefined>
  /**
   * The limits as the records so far judge them. A request that has no answer yet has no record, and the slow
   * ones are missing most: so the run is taken to have ended as long ago as its longest answer took.
   * @param nowMs ms from the start of the load
   * @param confidence of the verdicts, 0-1, two-sided
   * @returns undefined where that is before the measured phase, or no later than at the last look
   */
  look(nowMs: number, confidence: number): Promise<Seen | undefined>
  /** Why a look saw nothing: a few words. */
  waitsFor(): string
  /** The last line of the records; undefined where k6 wrote none. */
  end(): Promise<EndRecord | undefined>
}

/** @param file records that k6 writes */
export function createLooker(file: string): Looker {
  const collector = createRunCollector({
    requests: false,
    detail: false,
    figures: true,
    intervals: true,
  })
  const sink = collector.file(file)
  let head: RunRecord | undefined
  let end: EndRecord | undefined
  let unanswered: Unanswered | undefined
  /** Not yet in the collector: a look may not see them. */
  let held: { record: RequestRecord; line: number }[] = []
  let [lines, longestMs, seenMs] = [0, 0, -Infinity]
  const follower = createFollower(file, {
    onRun(record, line) {
      head ??= record
      unanswered ??= createUnanswered(record.run.plan, measuredPhase(record)?.name ?? '')
      sink.onRun?.(record, line)
    },
    onRequest(record, line) {
      lines = line
      longestMs = Math.max(longestMs, record.endMs - dueOf(record))
      unanswered?.add(record)
      held.push({ record, line })
      if (held.length > MOST_HELD) pass(record.endMs - 2 * longestMs)
    },
    onEnd: (record) => void (end = record),
  })

  return {
    async head() {
      await follower.read()
      return head
    },
    look,
    waitsFor() {
      if (longestMs === 0) return 'no request has ended'
      return `the longest request took ${duration(longestMs)}, and as much of the end is left out`
    },
    async end() {
      await follower.read()
      return end
    },
  }

  async function look(nowMs: number, confidence: number): Promise<Seen | undefined> {
    await follower.read()
    const endMs = nowMs - longestMs
    if (head === undefined || unanswered === undefined) return undefined
    if (endMs <= Math.max(seenMs, measuredPhase(head)?.startMs ?? 0)) return undefined
    pass(endMs)
    const missing = unanswered.before(endMs)
    return {
      slo: limitsOf(head, endMs, confidence, missing),
      part: { endMs, lines },
      unanswered: missing,
    }
  }

  /** Gives the collector what was due before. */
  function pass(endMs: number): void {
    if (endMs <= seenMs) return
    seenMs = endMs
    const rest: typeof held = []
    for (const one of held) {
      if (dueOf(one.record) < endMs) sink.onRequest(one.record, one.line)
      else rest.push(one)
    }
    held = rest
  }

  function limitsOf(run: RunRecord, endMs: number, confidence: number, missing: number) {
    const found = collector.collected()
    if (!found.ok) throw new InputError(found.problems.join('\n'))
    const cut = { ...run, run: endedAt(run.run, endMs) }
    const end = { v: 1, record: 'end', atMs: endMs, interrupted: missing, confidence } as const
    const pods = found.collected.pods.map((pod) => ({ ...pod, head: cut, end }))
    const sources = { results: [], records: [file], pods: 1, notes: [] }
    return makeRun(file, { collected: { ...found.collected, pods } }, sources).report.slo
  }
}

function measuredPhase({ run }: RunRecord) {
  return run.plan.phases.find(({ measured }) => measured)
}
