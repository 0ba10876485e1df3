import { mulberry } from './random.ts'
import type { AnyRecord, RequestRecord, ServerRecord } from '../../lib/records/index.ts'

/** A sweep of five steps as records: made up, but of the shape of a server that saturates. */
export function* bigRun(requests: number, seed = 1): Generator<AnyRecord> {
  const random = mulberry(seed)
  const steps = [20, 40, 60, 80, 100]
  const total = steps.reduce((a, b) => a + b, 0)
  const stepMs = (requests / total) * 1000
  const phases = [
    {
      name: 'warm-up',
      role: 'warmup' as const,
      startMs: 0,
      endMs: stepMs / 4,
      measured: false,
      from: 20,
      to: 20,
    },
    ...steps.map((rate, i) => ({
      name: `step-${i + 1}`,
      role: 'step' as const,
      startMs: stepMs / 4 + i * stepMs,
      endMs: stepMs / 4 + (i + 1) * stepMs,
      measured: true,
      from: rate,
      to: rate,
      step: String(rate),
    })),
  ]
  const endMs = phases[phases.length - 1]?.endMs ?? 0
  yield {
    v: 1,
    record: 'run',
    startedAt: '2026-01-02T03:04:05.000Z',
    run: {
      scenario: 'chat-sweep',
      config: { BASE_URL: 'http://localhost:8000/v1', note: '<b>bold</b> & "quoted"' },
      plan: {
        shape: 'sweep',
        loop: 'open',
        unit: 'requests/s',
        phases,
        endMs,
        drainMs: 10_000,
        peak: 100,
        maxVUs: 500,
        segment: null,
      },
      slo: { ttftP95Ms: 800, tpotP95Ms: 40, errorRate: 0.01, goodput: 0.9 },
      clock: 'socket',
      server: { model: 'meta-llama/Llama-3.1-8B-Instruct', server: 'uvicorn' },
      gapSampling: 1,
      warnings: [],
    },
  }
  let n = 0
  for (const { name, startMs, endMs: end, measured, from } of phases) {
    const load = from / 90
    const count = Math.round(((end - startMs) / 1000) * from)
    for (let i = 0; i < count; i++) {
      const startAt = startMs + (i * 1000) / from
      yield request(n++, name, measured, startAt, load, random)
      if (i % Math.max(1, Math.round(from * 5)) === 0) yield server(startAt, load, random)
    }
  }
  yield { v: 1, record: 'end', atMs: endMs + 10_000, interrupted: 1 }
}

function request(
  n: number,
  phase: string,
  measured: boolean,
  startMs: number,
  load: number,
  random: () => number,
): RequestRecord {
  const slow = 1 / Math.max(0.08, 1.05 - load)
  const ttftMs = 60 + 90 * slow * -Math.log(1 - random())
  const tpotMs = 9 + 3 * slow * (0.8 + 0.4 * random())
  const tokens = 20 + Math.floor(300 * random() ** 2)
  const sentMs = startMs + 0.4
  const failed = load > 1 && random() < 0.04
  const lastTokenMs = sentMs + ttftMs + tpotMs * (tokens - 1)
  const app = ['chat', 'rag', 'code'][n % 3] as string
  const base = {
    v: 1,
    record: 'request',
    id: `${phase}-${n}`,
    dueMs: startMs - 0.3,
    startMs,
    sentMs,
    phase,
    measured,
    app,
    model: 'meta-llama/Llama-3.1-8B-Instruct',
    step: phase,
    promptId: `p${n}`,
    latenessMs: 0.3,
    clock: 'socket',
    connectingMs: 0.4,
  } as const
  if (failed) {
    return {
      ...base,
      endMs: sentMs + 30,
      outcome: 'http_error',
      reason: 'http_503',
      message: '<img src=x onerror=alert(1)> overloaded, =HYPERLINK("x")',
      httpStatus: 503,
      outputTokens: 0,
      tokenSource: 'none',
      chunks: 0,
      received: {},
      good: false,
    }
  }
  return {
    ...base,
    firstByteMs: sentMs + ttftMs - 1,
    firstTokenMs: sentMs + ttftMs,
    firstAnswerMs: sentMs + ttftMs,
    lastTokenMs,
    endMs: lastTokenMs + 0.2,
    outcome: 'completed',
    reason: '',
    httpStatus: 200,
    finishReason: 'length',
    inputTokens: 200 + (n % 700),
    outputTokens: tokens,
    tokenSource: 'usage',
    chunks: tokens,
    received: { [phase]: tokens },
    ttftMs,
    tpotMs,
    e2eMs: ttftMs + tpotMs * (tokens - 1),
    stallMs: tpotMs * 2,
    good: ttftMs <= 800 && tpotMs <= 40,
  }
}

function server(atMs: number, load: number, random: () => number): ServerRecord {
  return {
    v: 1,
    record: 'server',
    atMs,
    values: {
      llm_server_running: Math.min(64, Math.round(60 * load + 4 * random())),
      llm_server_waiting: load > 1 ? Math.round(40 * random()) : 0,
      llm_server_kv_cache_usage: Math.min(1, load * 0.93 + 0.02 * random()),
      llm_gpu_utilisation: Math.min(1, 0.3 + 0.65 * load),
      llm_gpu_power: 180 + 420 * Math.min(1, load),
    },
  }
}
