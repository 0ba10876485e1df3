import { setTimeout as sleep } from 'node:timers/promises'
import { endLine } from '../../lib/records/index.ts'
import type { RunRecord } from '../../lib/records/index.ts'
import { CONFIDENCE, whyOpen } from '../../lib/report/index.ts'
import { looks } from '../../lib/statistics/index.ts'
import { createLooker } from './look.ts'
import type { Looker, Seen } from './look.ts'

/** How often to see whether k6 has begun to write, ms. */
const POLL_MS = 500

/** How a run ended that was looked at. */
export interface Ending {
  readonly decided: boolean
  /**
   * A last line for the records, so that every report of the run rests on the look whose verdicts count;
   * undefined where there is none to add.
   */
  readonly line: string | undefined
}

/** Watches a run that ends once its limits are decided. */
export interface Watch {
  /**
   * Looks at the run until every limit that was set is decided.
   * @param over aborted when k6 has ended
   * @returns whether they are; false where k6 ended before
   */
  decided(over: AbortSignal): Promise<boolean>
  /** Call once k6 has ended. */
  ending(): Promise<Ending>
}

/**
 * @param file records that k6 writes
 * @param note tells the user
 */
export function watchLimits(file: string, note: (text: string) => void): Watch {
  const looker = createLooker(file)
  /** The look that decided, or the last one that would have. */
  let last: { confidence: number; seen?: Seen } | undefined

  return { decided, ending }

  async function decided(over: AbortSignal): Promise<boolean> {
    const head = await begun(looker, over)
    if (head === undefined) return false
    const measured = head.run.plan.phases.filter((phase) => phase.measured)
    const [phase] = measured
    if (phase === undefined || measured.length > 1) {
      note('--until decided takes a load with one measured phase; this one runs to its end')
      return false
    }
    const limits = limitsOf(head)
    if (limits.length === 0) {
      note('--until decided has no limit to decide; set one, such as -e SLO_TTFT_P99=800')
      return false
    }
    const { confidence = CONFIDENCE } = head.run as { confidence?: number }
    const sinceStart = () => Date.now() - Date.parse(head.startedAt)
    const plan = looks(phase.endMs - phase.startMs, limits.length, 1 - confidence)
    last = { confidence: plan[plan.length - 1]?.confidence ?? confidence }
    for (const { atMs, confidence: strict } of plan.slice(0, -1)) {
      if (!(await waited(phase.startMs + atMs - sinceStart(), over))) return false
      const nowMs = sinceStart()
      const seen = await looker.look(nowMs, strict)
      const after = `after ${Math.round(nowMs / 1000)} s`
      if (seen === undefined) {
        note(`${after}: nothing to judge yet: ${looker.waitsFor()}`)
        continue
      }
      const own = seen.slo.filter(({ builtIn }) => !builtIn)
      const open = own.filter(({ verdict }) => verdict !== 'kept' && verdict !== 'missed')
      const so = `${own.length - open.length} of ${own.length} limits decided`
      note(`${after}: ${[so, ...open.map(whyOpen)].join('; ')}`)
      if (open.length > 0) continue
      last = { confidence: strict, seen }
      return !over.aborted
    }
    return false
  }

  async function ending(): Promise<Ending> {
    const end = await looker.end()
    if (last?.seen !== undefined) {
      const { part, unanswered } = last.seen
      const { confidence } = last
      return { decided: true, line: endLine(part.endMs, unanswered, { decided: part, confidence }) }
    }
    // Of a killed k6 nobody knows how far it got.
    if (last === undefined || end === undefined) return { decided: false, line: undefined }
    return { decided: false, line: endLine(end.atMs, end.interrupted, last) }
  }
}

/** The limits that were set, which share the error that all looks may spend. */
function limitsOf({ run: { slo } }: RunRecord): string[] {
  const { errorRateBuiltIn, ...limits } = slo
  return Object.keys(limits).filter((name) => name !== 'errorRate' || errorRateBuiltIn !== true)
}

/** The first line of the records, once it is there. */
async function begun(looker: Looker, over: AbortSignal): Promise<RunRecord | undefined> {
  do {
    const head = await looker.head()
    if (head !== undefined) return head
  } while (await waited(POLL_MS, over))
  return undefined
}

/** @returns false where k6 ended meanwhile */
async function waited(ms: number, over: AbortSignal): Promise<boolean> {
  await sleep(Math.max(0, ms), undefined, { signal: over }).catch(() => {})
  return !over.aborted
}
