import {
  meetsSlo,
  requestLimits,
  tokensByWindow,
  windowAt,
  windowsOf,
} from '../../lib/metrics/index.ts'
import type { FinishedRequest } from '../../lib/metrics/index.ts'
import type { RequestRecord, RunRecord } from '../../lib/records/index.ts'
import { CASES, runInfo } from '../report/fixtures/cases.ts'
import type { Case, MadeUp } from '../report/fixtures/cases.ts'

/** The records that the runs behind test/report/fixtures would have written, gaps included. */
export function madeUpRecords(name: string): { run: RunRecord['run']; records: RequestRecord[] } {
  const own = CASES[name] as Case
  const run = JSON.parse(JSON.stringify(runInfo(name))) as RunRecord['run']
  const done = own.requests().filter((made) => made.unfinished !== true)
  return { run, records: done.map((made, i) => madeUpRecord(own, made, i)) }
}

function madeUpRecord(own: Case, { dueMs, request, timings }: MadeUp, i: number): RequestRecord {
  const windows = windowsOf(own.plan.phases)
  const window = windowAt(windows, dueMs)
  const { sentMs, startMs, endMs } = request.marks
  const sent = sentMs as number
  const at = (ms: number | undefined) => (ms === undefined ? undefined : sent + ms)
  const received: Record<string, number> = {}
  for (const share of tokensByWindow(request, windows, tokensOf(request))) {
    received[share.phase] = (received[share.phase] ?? 0) + share.value
  }
  const completed = request.outcome === 'completed'
  const record: { [F in keyof RequestRecord]?: RequestRecord[F] | undefined } = {
    v: 1,
    record: 'request',
    id: `made-${i}`,
    dueMs: timings.latenessMs === undefined ? undefined : startMs - timings.latenessMs,
    startMs,
    sentMs,
    firstByteMs: at(timings.ttfbMs),
    firstTokenMs: at(timings.ttftMs),
    firstAnswerMs: at(timings.ttfoMs),
    lastTokenMs: at(timings.e2eMs),
    endMs,
    connectingMs: timings.connectingMs,
    outcome: request.outcome,
    reason: request.reason,
    phase: window?.phase ?? 'drain',
    measured: window?.measured ?? false,
    slice: window?.slice,
    app: 'chat',
    model: 'tiny',
    promptId: `p${i}`,
    inputTokens: request.usage?.input,
    cachedTokens: request.usage?.cached,
    outputTokens: request.outputTokens,
    tokenSource: request.tokenSource,
    chunks: request.chunkTimesMs.length,
    received,
    ttftMs: completed ? timings.ttftMs : undefined,
    tpotMs: completed ? timings.tpotMs : undefined,
    e2eMs: completed ? timings.e2eMs : undefined,
    stallMs: completed ? timings.stallMs : undefined,
    latenessMs: timings.latenessMs,
    good: completed && meetsSlo(timings, requestLimits(own.slo)),
    clock: 'socket',
    gapsMs: request.chunkTimesMs
      .slice(1)
      .map((time, n) => time - (request.chunkTimesMs[n] as number)),
  }
  return JSON.parse(JSON.stringify(record)) as RequestRecord
}

function tokensOf({ outputTokens, chunkTimesMs, tokenSource }: FinishedRequest): number {
  return tokenSource === 'usage' ? outputTokens : chunkTimesMs.length
}
