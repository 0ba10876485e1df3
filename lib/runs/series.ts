import { outcomeKind, segmentShare } from '../metrics/index.ts'
import type { Points, TimeSeries } from './detail-types.ts'
import { ascending, percentileOf } from '../statistics/index.ts'
import { dueOf } from './seen.ts'
import type { RequestRecord, RunRecord } from '../records/index.ts'

/** A chart is about a thousand pixels wide: more buckets would show noise, and enlarge the file. */
const MOST_BUCKETS = 300
const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600]

/** Bucket length for a run of this length: a whole number of seconds, at most 300 buckets. */
export function bucketFor(lengthMs: number): number {
  const wanted = lengthMs / 1000 / MOST_BUCKETS
  const step = STEPS_S.find((s) => s >= wanted) ?? Math.ceil(wanted / 3600) * 3600
  return step * 1000
}

/** Collects the time series of a run. */
export function createSeries(plan: RunRecord['run']['plan']) {
  const drainMs = typeof plan['drainMs'] === 'number' ? plan['drainMs'] : 0
  const bucketMs = bucketFor(plan.endMs + drainMs)
  /** Answers may come later than planned, but a record years ahead must not grow the lists. */
  const most = 4 * MOST_BUCKETS
  const started: number[] = []
  const completed: number[] = []
  const failed: number[] = []
  const flightMs: number[] = []
  const tokens: number[] = []
  const ttft: number[][] = []
  const tpot: number[][] = []
  const e2e: number[][] = []
  let lastMs = 0

  return { add, series }

  function add(record: RequestRecord): void {
    lastMs = Math.max(lastMs, record.endMs)
    const due = bucketOf(dueOf(record))
    count(started, bucketOf(record.startMs), 1)
    const kind = outcomeKind(record.outcome)
    if (kind !== 'aborted') {
      count(kind === 'completed' ? completed : failed, bucketOf(record.endMs), 1)
    }
    spread(flightMs, record.sentMs, record.endMs, (ms) => ms)
    spreadTokens(record)
    put(ttft, due, record.ttftMs)
    put(tpot, due, record.tpotMs)
    put(e2e, due, record.e2eMs)
  }

  function spreadTokens(record: RequestRecord): void {
    const { firstTokenMs, lastTokenMs, gapsMs } = record
    const sum = Object.values(record.received).reduce((a, b) => a + b, 0)
    if (!(sum > 0) || firstTokenMs === undefined) return
    if (gapsMs !== undefined && gapsMs.length > 0) {
      let at = firstTokenMs
      const each = sum / (gapsMs.length + 1)
      count(tokens, bucketOf(at), each)
      for (const gap of gapsMs) count(tokens, bucketOf((at += gap)), each)
      return
    }
    // Without the times of the chunks: evenly from the first to the last token.
    const end = lastTokenMs ?? firstTokenMs
    if (!(end > firstTokenMs)) count(tokens, bucketOf(firstTokenMs), sum)
    else spread(tokens, firstTokenMs, end, (ms) => (ms * sum) / (end - firstTokenMs))
  }

  /** Adds to each bucket the part of the stretch that lies in it. */
  function spread(
    into: number[],
    fromMs: number | undefined,
    toMs: number,
    value: (ms: number) => number,
  ): void {
    if (fromMs === undefined || !(toMs > fromMs)) return
    for (let i = bucketOf(fromMs); i <= bucketOf(toMs); i++) {
      const ms = Math.min(toMs, (i + 1) * bucketMs) - Math.max(fromMs, i * bucketMs)
      if (ms > 0) count(into, i, value(ms))
    }
  }

  function bucketOf(ms: number): number {
    return Math.min(most - 1, Math.max(0, Math.floor(ms / bucketMs)))
  }

  function series(segment: string | null): TimeSeries {
    const ran = Math.max(started.length, completed.length, failed.length, flightMs.length)
    const length = Math.max(1, ran)
    const list = (value: (i: number) => number | null): Points =>
      Array.from({ length }, (_, i) => value(i))
    const overMs = Math.max(plan.endMs, lastMs)
    // The last bucket is divided by what it covers, as all of it would draw a dip that there was not; less
    // than half a bucket is too short for a rate.
    const per = (sum: number, i: number, endMs: number) => {
      const ms = Math.min(bucketMs, endMs - i * bucketMs)
      return i > 0 && ms < bucketMs / 2 ? null : sum / ms
    }
    const perS = (counts: readonly number[]) => list((i) => per((counts[i] ?? 0) * 1000, i, overMs))
    // After the load nothing starts any more; what still does counts over its whole bucket.
    const startedPerS = list((i) =>
      i * bucketMs >= plan.endMs
        ? started[i]
          ? (started[i] * 1000) / bucketMs
          : null
        : per((started[i] ?? 0) * 1000, i, plan.endMs),
    )
    const sorted = [ttft, tpot, e2e].map((lists) => lists.map(ascending))
    const at = (which: number, p: number) =>
      list((i) => {
        const values = sorted[which]?.[i]
        return values === undefined ? null : (percentileOf(values, p) ?? null)
      })
    return {
      bucketMs,
      atS: Array.from({ length }, (_, i) => (i * bucketMs) / 1000),
      asked: list((i) => askedAt(plan, (i + 0.5) * bucketMs, segmentShare(segment))),
      startedPerS,
      completedPerS: perS(completed),
      failedPerS: perS(failed),
      inFlight: list((i) => per(flightMs[i] ?? 0, i, overMs)),
      tokensPerS: perS(tokens),
      ttftP50: at(0, 0.5),
      ttftP95: at(0, 0.95),
      tpotP50: at(1, 0.5),
      tpotP95: at(1, 0.95),
      e2eP50: at(2, 0.5),
      e2eP95: at(2, 0.95),
    }
  }
}

/** @param part share of the plan (which covers all pods) asked of the pods whose records are here */
function askedAt({ phases }: RunRecord['run']['plan'], ms: number, part: number): number | null {
  const phase = phases.find(({ startMs, endMs }) => ms >= startMs && ms < endMs)
  if (phase === undefined) return null
  const share = (ms - phase.startMs) / (phase.endMs - phase.startMs)
  return (phase.from + (phase.to - phase.from) * share) * part
}

function count(into: number[], i: number, value: number): void {
  while (into.length <= i) into.push(0)
  into[i] = (into[i] as number) + value
}

function put(into: number[][], i: number, value: number | undefined): void {
  if (value === undefined) return
  while (into.length <= i) into.push([])
  into[i]?.push(value)
}
