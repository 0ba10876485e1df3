import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { segmentBounds, selector, windowAt, windowsOf } from '../../../lib/metrics/index.ts'
import type {
  EndRecord,
  RequestRecord,
  RunRecord,
  ServerRecord,
} from '../../../lib/records/index.ts'
import { buildReport, renderJson } from '../../../lib/report/index.ts'
import type { Report, RunInfo } from '../../../lib/results/index.ts'
import { createSummarizer } from '../../../lib/runs/index.ts'
import { madeUpRecords } from '../../records/made-up.ts'
import { CASES } from '../../report/fixtures/cases.ts'

/** A run whose every request is known, to be played by one process or by several. */
export interface VirtualRun {
  head: RunRecord
  requests: readonly RequestRecord[]
  /** Due times of requests that were started and that the end cut off, ms. */
  cutOff: readonly number[]
  /** Due times of iterations that found no VU, ms. */
  dropped: readonly number[]
}

/** What one process leaves. */
export interface Left {
  head: RunRecord
  requests: readonly RequestRecord[]
  server: readonly ServerRecord[]
  end: EndRecord | undefined
  report: Report
}

const SETUP_MS = 700

/** One of the made-up runs, with all that a client and a server say of themselves. */
export function virtualRun(
  name: string,
  change: (run: RunRecord['run']) => void = () => {},
): VirtualRun {
  const { run, records } = madeUpRecords(name)
  run['loadStartMs'] = SETUP_MS
  run['groups'] = [{ tag: 'app', values: ['chat', 'rag'] }]
  run['endpoints'] = [
    { name: 'a', weight: 2 },
    { name: 'b', weight: 1 },
  ]
  run['workload'] = { schedule: 's', lengths: 'l', prompts: 'p' }
  run['config'] = { values: { RATE: 5, RUN_ID: 'r1', RECORDS: 'gaps' } }
  change(run)
  const requests = records.map((record, i) => ({
    ...record,
    app: i % 3 === 0 ? 'rag' : 'chat',
    endpoint: i % 3 === 1 ? 'b' : 'a',
    askedInputTokens: 98 + (i % 9),
    askedOutputTokens: record.outputTokens,
    // Late ones now and then, of both causes.
    ...(i % 50 === 7 ? late(record, 'no_vu', 31.25) : {}),
    ...(i % 50 === 9 ? late(record, 'client', 44.5) : {}),
    timerOvershootMs: 0.1 + (i % 13) / 7,
    handlerDelayMs: (i % 17) / 9,
  }))
  const cutOff = CASES[name]!.requests()
    .filter(({ unfinished }) => unfinished === true)
    .map(({ dueMs }) => dueMs)
  const head: RunRecord = { v: 1, record: 'run', startedAt: '2026-03-01T02:00:00.000Z', run }
  return { head, requests, cutOff, dropped: [1000, 2000, 3000] }
}

function late(record: RequestRecord, lateCause: 'no_vu' | 'client', latenessMs: number) {
  return { lateCause, latenessMs, dueMs: record.startMs - latenessMs }
}

/** Segments of equal or other parts: `['0:1/2', '1/2:3/4', '3/4:1']`. */
export function equalSegments(n: number): string[] {
  return Array.from(
    { length: n },
    (_, i) => `${i === 0 ? 0 : `${i}/${n}`}:${i === n - 1 ? 1 : `${i + 1}/${n}`}`,
  )
}

export interface PodChange {
  /** Its load begins so many ms after the first pod's. */
  lateMs?: number
  /** It was killed so many ms into the load. */
  killedMs?: number
  change?: (head: RunRecord) => void
}

/**
 * What the process of a segment leaves of a run: the requests whose place in a cycle of twelve lies in
 * it, as k6 stripes iterations over segments. The one monitor and poller run in the first.
 */
export function played(
  { head, requests, cutOff, dropped }: VirtualRun,
  segment: string | null,
  { lateMs = 0, killedMs = Infinity, change }: PodChange = {},
): Left {
  const { from, to } = segmentBounds(segment)!
  const mine = <T>(all: readonly T[]) =>
    all.filter((_, i) => (i % 12) / 12 >= from - 1e-9 && (i % 12) / 12 < to - 1e-9)
  const own = structuredClone(head)
  own.run.plan.segment = segment
  own.startedAt = new Date(Date.parse(head.startedAt) + lateMs).toISOString()
  change?.(own)
  const sent = mine(requests).filter(({ endMs }) => endMs < killedMs)
  const server = from === 0 ? looks(own.run.plan.endMs).filter(({ atMs }) => atMs < killedMs) : []
  const atMs = own.run.plan.endMs + 350.5
  const interrupted = mine(cutOff).length
  const end: EndRecord = { v: 1, record: 'end', atMs, interrupted }
  const facts = { cutOff: mine(cutOff), dropped: mine(dropped) }
  const report = reportOf(own, sent, server, atMs, facts)
  return { head: own, requests: sent, server, end: killedMs < Infinity ? undefined : end, report }
}

/** A look at the server each second: a gauge and a counter's growth. */
function looks(endMs: number): ServerRecord[] {
  return Array.from({ length: Math.floor(endMs / 1000) }, (_, i) => ({
    v: 1,
    record: 'server',
    atMs: i * 1000 + 12.5,
    values: {
      llm_server_running: 3 + (i % 5),
      llm_server_waiting: i % 7,
      llm_server_kv_cache_usage: 0.2 + (i % 6) / 10,
      llm_server_preemptions: i === 0 ? 0 : i % 2,
      llm_gpu_power: 300 + i,
      llm_gpu_energy: i === 0 ? 0 : 300.25,
    },
  }))
}

/** The results that its k6 writes: of its samples, and of what no record tells. */
function reportOf(
  { run, startedAt }: RunRecord,
  requests: readonly RequestRecord[],
  server: readonly ServerRecord[],
  atMs: number,
  facts: { cutOff: readonly number[]; dropped: readonly number[] },
): Report {
  const summarizer = createSummarizer(run)
  for (const record of requests) summarizer.add(record)
  for (const record of server) summarizer.addServer(record)
  const summary = summarizer.summary(atMs)
  const { metrics } = summary
  const count = (metric: string, tags: Record<string, string>, more: number) => {
    const values = (metrics[selector(metric, tags)] ??= counter()).values
    values['count'] = (values['count'] ?? 0) + more
  }
  const windows = windowsOf(run.plan.phases)
  for (const dueMs of facts.cutOff) {
    const { phase, measured, slice } = windowAt(windows, dueMs)!
    count('llm_requests_started', {}, 1)
    count('llm_requests_started', { phase }, 1)
    if (measured) count('llm_requests_started', { measured: 'true' }, 1)
    if (measured) count('llm_requests_started', { measured: 'true', app: 'chat' }, 1)
    if (measured) count('llm_requests_started', { measured: 'true', endpoint: 'a' }, 1)
    if (slice !== undefined) count('llm_requests_started', { slice }, 1)
  }
  count('dropped_iterations', {}, facts.dropped.length)
  const own = requests.length
  const odd = requests.filter(({ id }) => id.endsWith('7')).length
  const seconds = (SETUP_MS + atMs) / 1000
  metrics['answers_ok'] = {
    type: 'counter',
    contains: 'default',
    values: { count: own, rate: own / seconds },
    thresholds: { 'count>40': { ok: own > 40 }, 'count<1000': { ok: own < 1000 } },
  }
  metrics['answers_right'] = {
    type: 'rate',
    contains: 'default',
    values: { passes: own - odd, fails: odd, rate: (own - odd) / own },
    thresholds: { 'rate>0.8': { ok: (own - odd) / own > 0.8 } },
  }
  summary['root_group'] = {
    name: '',
    groups: [
      { name: 'answer', groups: [], checks: [{ name: 'is JSON', passes: own - odd, fails: odd }] },
    ],
    checks: [{ name: 'is long', passes: own, fails: 0 }],
  }
  summary.state.testRunDurationMs = SETUP_MS + atMs
  const info = { ...run, startedAt } as unknown as RunInfo
  return buildReport({ summary, run: info })
}

function counter(count = 0) {
  return { type: 'counter', contains: 'default', values: { count } as Record<string, number> }
}

/** Writes what a process left as its files, and returns their folder. */
export function written(folder: string, left: Left, parts = { results: true, noise: '' }): string {
  mkdirSync(folder, { recursive: true })
  const { head, requests, server, end, report } = left
  const lines = [head, ...requests, ...server, ...(end === undefined ? [] : [end])]
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  writeFileSync(path.join(folder, 'records.jsonl'), parts.noise + text)
  // A process that was killed writes no results.
  if (parts.results && end !== undefined) {
    writeFileSync(path.join(folder, `${head.run.scenario}.json`), renderJson(report))
  }
  return folder
}
