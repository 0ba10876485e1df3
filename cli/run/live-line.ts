import { outcomeKind } from '../../lib/metrics/index.ts'
import type { RequestRecord, RunRecord } from '../../lib/records/index.ts'
import { ascending, percentileOf } from '../../lib/statistics/index.ts'
import { duration, many, num } from '../../lib/tables/index.ts'

/** What the line shows is of the requests that ended in so many ms before it. */
const RECENT_MS = 10_000

/** How a run goes. */
export interface Progress {
  /** Undefined before the load and after it. */
  phase: string | undefined
  /** Until the plan ends; negative while the last answers are waited for. */
  leftMs: number
  /** Requests that ended, and tokens of those, per second. */
  endedPerS: number
  tokensPerS: number
  ttftP50Ms: number | undefined
  ttftP95Ms: number | undefined
  /** Failed requests since the start. */
  errors: number
}

type Ended = Pick<RequestRecord, 'endMs' | 'outputTokens' | 'outcome' | 'ttftMs'>

/** Keeps what the line needs of a run's records, as they come. */
export function createProgress({ run: { plan } }: RunRecord) {
  let recent: Ended[] = []
  let errors = 0
  return {
    add({ endMs, outputTokens, outcome, ttftMs }: RequestRecord): void {
      if (outcomeKind(outcome) === 'failed') errors++
      recent.push({ endMs, outputTokens, outcome, ...(ttftMs === undefined ? {} : { ttftMs }) })
    },
    /** @param nowMs from the start of the load */
    at(nowMs: number): Progress {
      recent = recent.filter(({ endMs }) => endMs > nowMs - RECENT_MS)
      const seconds = Math.max(1, Math.min(RECENT_MS, nowMs) / 1000)
      const ttft = ascending(recent.flatMap(({ ttftMs }) => ttftMs ?? []))
      const phase = plan.phases.find(({ startMs, endMs }) => startMs <= nowMs && nowMs < endMs)
      const tokens = recent.reduce((sum, { outputTokens }) => sum + outputTokens, 0)
      return {
        phase: phase?.name,
        leftMs: plan.endMs - nowMs,
        endedPerS: recent.length / seconds,
        tokensPerS: tokens / seconds,
        ttftP50Ms: percentileOf(ttft, 0.5),
        ttftP95Ms: percentileOf(ttft, 0.95),
        errors,
      }
    },
  }
}

/**
 * The one line: `spike, 24s left · 24.0 requests/s · 91 in flight · …`. Where it is too long, what matters least is
 * left out.
 * @param inFlight undefined where k6 does not tell
 */
export function liveLine(
  progress: Progress,
  inFlight: number | undefined,
  columns: number,
): string {
  const { phase, leftMs, endedPerS, tokensPerS, ttftP50Ms, ttftP95Ms, errors } = progress
  const parts = [
    leftMs > 0 ? `${phase ?? 'load'}, ${whole(leftMs)} left` : 'waiting for the last answers',
    `${num(endedPerS)} requests/s`,
    inFlight === undefined ? '' : `${inFlight} in flight`,
    ttftP50Ms === undefined ? '' : `TTFT p50 ${num(ttftP50Ms)} p95 ${num(ttftP95Ms)} ms`,
    `${num(tokensPerS)} tokens/s`,
    many(errors, 'error'),
  ].filter((part) => part !== '')
  const text = () => `  ${parts.join(' · ')}`
  const tooLong = () => text().length >= columns
  if (tooLong()) parts.splice(-2, 1)
  while (tooLong() && parts.length > 1) parts.pop()
  return text()
}

/** To whole seconds: it changes once a second. */
function whole(ms: number): string {
  return duration(Math.ceil(ms / 1000) * 1000)
}
