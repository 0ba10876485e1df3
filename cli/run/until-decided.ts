import { setTimeout as sleep } from 'node:timers/promises'
import { looks } from '../../lib/statistics/index.ts'
import type { RunRecord } from '../../lib/records/index.ts'
import { headOf, lookAt } from './look.ts'

/** How often to see whether k6 has begun to write, ms. */
const POLL_MS = 500

/**
 * Watches a run and says when every limit that was set is decided.
 * @param file records that k6 writes
 * @param over aborted when k6 has ended
 * @param note tells the user
 * @returns when that was, ms from the start of the load; undefined where k6 ended before
 */
export async function untilDecided(
  file: string,
  over: AbortSignal,
  note: (text: string) => void,
): Promise<number | undefined> {
  const head = await begun(file, over)
  if (head === undefined) return undefined
  const sinceStart = () => Date.now() - Date.parse(head.startedAt)
  const measured = head.run.plan.phases.filter((phase) => phase.measured)
  const [phase] = measured
  if (phase === undefined || measured.length > 1) {
    note('--until decided takes a load with one measured phase; this one runs to its end')
    return undefined
  }
  const limits = limitsOf(head).length
  for (const { atMs, confidence } of looks(phase.endMs - phase.startMs, limits).slice(0, -1)) {
    if (!(await waited(phase.startMs + atMs - sinceStart(), over))) return undefined
    const nowMs = sinceStart()
    const own = (await lookAt(file, nowMs, confidence)).filter(({ builtIn }) => !builtIn)
    if (own.length === 0) {
      note('--until decided has no limit to decide; set one, such as -e SLO_TTFT_P99=800')
      return undefined
    }
    const open = own.filter(({ verdict }) => verdict !== 'kept' && verdict !== 'missed')
    const so = `${own.length - open.length} of ${own.length} limits decided`
    note(`after ${Math.round(nowMs / 1000)} s: ${so}`)
    if (open.length === 0) return over.aborted ? undefined : sinceStart()
  }
  return undefined
}

/** The limits that were set, which share the error that all looks may spend. */
function limitsOf({ run: { slo } }: RunRecord): string[] {
  const { errorRateBuiltIn, ...limits } = slo
  return Object.keys(limits).filter((name) => name !== 'errorRate' || errorRateBuiltIn !== true)
}

/** The first line of the records, once it is there. */
async function begun(file: string, over: AbortSignal): Promise<RunRecord | undefined> {
  do {
    const head = await headOf(file)
    if (head !== undefined) return head
  } while (await waited(POLL_MS, over))
  return undefined
}

/** @returns false where k6 ended meanwhile */
async function waited(ms: number, over: AbortSignal): Promise<boolean> {
  await sleep(Math.max(0, ms), undefined, { signal: over }).catch(() => {})
  return !over.aborted
}
