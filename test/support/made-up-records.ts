import type { AnyRecord, RequestRecord, RunRecord } from '../../lib/records/index.ts'

/** A run whose figures can be told by hand. Times in ms from the start of the load. */
export interface MadeUpRun {
  /** A warm-up before what is measured. */
  warmupMs?: number
  measuredMs?: number
  /** When the run ended; as planned by default. */
  endMs?: number
  /** One request after the other, so many a second, in turn of the applications and models. */
  ratePerS?: number
  apps?: readonly string[]
  models?: readonly string[]
  scenario?: string
  inputTokens?: number
  cachedTokens?: number | undefined
  outputTokens?: number
  /** Every n-th request fails. */
  failing?: number
  /** W, scraped once a second. */
  powerW?: number
}

const TTFT_MS = 50
const TPOT_MS = 10

/** Its records, as k6 would leave them: the run, its requests in the order of their starts, its end. */
export function madeUpRecords(run: MadeUpRun = {}): AnyRecord[] {
  const { warmupMs = 2_000, measuredMs = 10_000, ratePerS = 10 } = run
  const planned = warmupMs + measuredMs
  const endMs = run.endMs ?? planned
  const phases = [
    { name: 'warmup', role: 'warmup' as const, startMs: 0, endMs: warmupMs, measured: false },
    { name: 'steady', role: 'main' as const, startMs: warmupMs, endMs: planned, measured: true },
  ].map((phase) => ({ ...phase, from: ratePerS, to: ratePerS }))
  const head: RunRecord = {
    v: 1,
    record: 'run',
    startedAt: '2026-03-01T12:00:00.000Z',
    run: {
      scenario: run.scenario ?? 'chat-steady',
      config: { api: 'chat', load: { seed: 1 } },
      plan: {
        segment: null,
        phases,
        endMs: planned,
        drainMs: 5_000,
        peak: ratePerS,
        maxVUs: 20,
        warnings: [],
        shape: 'steady',
        loop: 'open',
        unit: 'requests/s',
      },
      slo: { errorRate: 0.5, ttftP95Ms: 60 },
      gapSampling: 0,
      clock: 'socket',
      groups: run.apps === undefined ? undefined : [{ tag: 'app', values: run.apps }],
      warnings: [],
    },
  }
  const starts = Array.from(
    { length: Math.ceil((endMs * ratePerS) / 1000) },
    (_, i) => (1000 * i) / ratePerS,
  )
  const requests = starts
    .map((startMs, i) => requestAt(run, startMs, i, { warmupMs, planned }))
    // What the end cut off has left no record.
    .filter((record) => run.endMs === undefined || record.endMs <= run.endMs)
  const power = Array.from({ length: run.powerW === undefined ? 0 : endMs / 1000 }, (_, i) => ({
    ...{ v: 1 as const, record: 'server' as const, atMs: 1000 * i },
    // What the server drew in the warm-up is not in a measured figure.
    values: { llm_gpu_power: 1000 * i < warmupMs ? 9_999 : (run.powerW as number) },
  }))
  return [head, ...requests, ...power, { v: 1, record: 'end', atMs: endMs, interrupted: 0 }]
}

function requestAt(
  run: MadeUpRun,
  startMs: number,
  i: number,
  { warmupMs, planned }: { warmupMs: number; planned: number },
): RequestRecord {
  const { apps = ['chat'], models = ['m'], outputTokens = 20 } = run
  const measured = startMs >= warmupMs
  const failed = run.failing !== undefined && i % run.failing === run.failing - 1
  const base = {
    v: 1 as const,
    record: 'request' as const,
    id: `steady/${i}`,
    dueMs: startMs,
    startMs,
    sentMs: startMs,
    phase: measured ? 'steady' : 'warmup',
    measured,
    app: apps[i % apps.length] as string,
    model: models[Math.floor(i / apps.length) % models.length] as string,
    promptId: `chat-1-${i}`,
    latenessMs: 0,
    clock: 'socket' as const,
  }
  if (failed)
    return {
      ...base,
      endMs: startMs + 5,
      outcome: 'http_error',
      reason: 'http_503',
      outputTokens: 0,
      tokenSource: 'none',
      chunks: 0,
      received: {},
      good: false,
    }
  const times = Array.from({ length: outputTokens }, (_, k) => startMs + TTFT_MS + k * TPOT_MS)
  const last = times[times.length - 1] as number
  const inside = (from: number, to: number) => times.filter((at) => at >= from && at < to).length
  const e2eMs = last - startMs
  return {
    ...base,
    firstTokenMs: startMs + TTFT_MS,
    lastTokenMs: last,
    endMs: last + 1,
    outcome: 'completed',
    reason: '',
    inputTokens: run.inputTokens ?? 100,
    ...(run.cachedTokens === undefined ? {} : { cachedTokens: run.cachedTokens }),
    outputTokens,
    tokenSource: 'usage',
    chunks: outputTokens,
    received: {
      warmup: inside(0, warmupMs),
      steady: inside(warmupMs, planned),
      drain: inside(planned, Infinity),
    },
    ttftMs: TTFT_MS,
    tpotMs: TPOT_MS,
    e2eMs,
    stallMs: TPOT_MS,
    good: i % 4 !== 3,
  }
}

/** As a file holds them. */
export function recordLines(records: readonly AnyRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}
