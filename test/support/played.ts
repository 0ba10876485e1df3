import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { timingsOf } from '../../lib/exchange/index.ts'
import type { ExchangeResult } from '../../lib/exchange/index.ts'
import {
  clientSamples,
  eachSample,
  labelled,
  lengthSamples,
  requestLimits,
  startSamples,
  windowAt,
  windowsOf,
} from '../../lib/metrics/index.ts'
import type { ClientFacts } from '../../lib/metrics/index.ts'
import { requestRecord } from '../../lib/records/index.ts'
import type { AnyRecord, RunRecord } from '../../lib/records/index.ts'
import { buildReport, renderJson } from '../../lib/report/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { runInfoOf } from '../../lib/runs/index.ts'
import { createK6 } from './k6-summary.ts'
import { ORIGIN_MS } from './records.ts'

/** A request that a client sent. */
export interface Sent {
  id: string
  /** Marks on the run's clock; undefined for a request that the end cut off. */
  result: ExchangeResult | undefined
  /** When it was due, else started, from the start of the load, ms. */
  atMs: number
  app: string
  turn?: number
  session?: string
  asked?: { inputTokens: number; outputTokens: number }
  /** Its phase, where k6's scenario says another one than its time. */
  phase?: string
  client: ClientFacts
}

/** What one process of k6 leaves. */
export interface Left {
  records: readonly AnyRecord[]
  results: Report
}

/** End of setup on the run's clock, ms: a moment before the load's start. */
const LOAD_START_MS = ORIGIN_MS - 3.25

/**
 * Plays a process's requests through what runs in k6: the samples of each into its summary, and
 * each as a line of its records.
 * @param elapsedMs how far into the load it got
 */
export function played(head: RunRecord, sent: readonly Sent[], elapsedMs: number): Left {
  const { plan } = head.run
  const run = { ...head.run, loadStartMs: LOAD_START_MS }
  const k6 = createK6(run)
  const limits = requestLimits(run.slo)
  const windows = windowsOf(plan.phases, ORIGIN_MS)
  const records: AnyRecord[] = [{ ...head, run }]
  for (const { id, result, atMs, app, client, ...more } of sent) {
    const window = windowAt(windows, ORIGIN_MS + atMs)
    const phase = more.phase ?? window?.phase ?? 'drain'
    const own = plan.phases.find(({ name }) => name === phase) as
      ((typeof plan.phases)[number] & { step?: string }) | undefined
    const measured = own?.measured ?? false
    const slice = window?.phase === phase ? window.slice : undefined
    const { step } = own ?? {}
    const labels = {
      phase,
      measured: String(measured),
      app,
      model: 'sim-model',
      ...(step !== undefined && { step }),
      ...(more.turn !== undefined && { turn: String(more.turn) }),
    }
    const add = labelled(labels, k6.add)
    startSamples(slice, add)
    if (result === undefined) continue
    const timings = timingsOf(result)
    const sampling = { gapSampling: 1, random: Math.random }
    eachSample(result, timings, { windows, slice, limits, ...sampling }, add)
    lengthSamples(result, more.asked ?? NOTHING_ASKED, add)
    clientSamples({ ...client, latenessMs: timings.latenessMs }, add)
    const record = requestRecord(result, timings, {
      id,
      labels: { ...labels, measured, slice, step, turn: more.turn, session: more.session },
      promptId: `p-${id}`,
      askedInputTokens: more.asked?.inputTokens,
      askedOutputTokens: more.asked?.outputTokens,
      client: { ...client, latenessMs: timings.latenessMs },
      originMs: ORIGIN_MS,
      windows,
      limits,
      include: { gaps: true, text: undefined },
    })
    records.push(JSON.parse(JSON.stringify(record)))
  }
  const durationMs = LOAD_START_MS + elapsedMs
  const interrupted = sent.filter(({ result }) => result === undefined).length
  records.push({ v: 1, record: 'end', atMs: elapsedMs, interrupted })
  const info = { ...runInfoOf(head), loadStartMs: LOAD_START_MS }
  return { records, results: buildReport({ summary: k6.summary(durationMs), run: info }) }
}

const NOTHING_ASKED = { inputTokens: undefined, outputTokens: undefined }

/** Writes what a process left into a folder. */
export function written(folder: string, { records, results }: Partial<Left>): string {
  mkdirSync(folder, { recursive: true })
  if (records !== undefined) {
    const lines = records.map((record) => `${JSON.stringify(record)}\n`)
    writeFileSync(path.join(folder, 'requests.jsonl'), lines.join(''))
  }
  if (results !== undefined) {
    writeFileSync(path.join(folder, `${results.run.scenario}.json`), renderJson(results))
  }
  return folder
}
