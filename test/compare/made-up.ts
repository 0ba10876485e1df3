import { replay } from '../../lib/compare/traffic/replay.ts'
import type { Scheduled, ServiceModel } from '../../lib/compare/traffic/replay.ts'
import { randomSource } from '../../lib/random/index.ts'
import { runOfRecords } from '../../lib/runs/index.ts'
import type { Run, RunConditions } from '../../lib/runs/index.ts'
import type { TrendStats } from '../../lib/results/index.ts'
import { headOf, recordOf } from '../support/records.ts'
import { resultWith } from '../support/results.ts'

/** A request with the figures of a test's choice. */
export interface MadeUp {
  atMs: number
  ttftMs: number
  tpotMs: number
  outputTokens: number
  /** By default as TPOT says. */
  lastMs?: number
  outcome: 'completed' | 'http_error'
  inputTokens: number
  promptId: string | undefined
  asked: { inputTokens: number; outputTokens: number } | undefined
}

export function request(given: Partial<MadeUp> & { atMs: number }): MadeUp {
  const { inputTokens = 100, outputTokens = 10 } = given
  return {
    ttftMs: 100,
    tpotMs: 10,
    inputTokens,
    outputTokens,
    outcome: 'completed',
    promptId: undefined,
    asked: { inputTokens, outputTokens },
    ...given,
  }
}

const NO_SLO = { errorRate: 1 }

/** Made-up runs differ in what came, not in what was asked for. */
const MADE_UP = { schedule: 'made up', lengths: 'made up', prompts: 'made up' }

/** A run of one measured phase from 0 on, read back of the records of its requests. */
export function madeUpRun(
  name: string,
  requests: readonly MadeUp[],
  toMs: number,
  conditions: Partial<RunConditions> = {},
): Run {
  const span = { name: 'steady', role: 'main', startMs: 0, endMs: toMs, measured: true } as const
  const phases = [{ ...span, from: 5, to: 5 }]
  const records = requests.map((made, i) =>
    recordOf(String(i), resultOf(made), {
      phases,
      originMs: 0,
      slo: NO_SLO,
      promptId: made.promptId ?? `${name}-${i}`,
      asked: made.asked,
    }),
  )
  const head = headOf(phases, { run: { slo: NO_SLO } })
  const end = { v: 1, record: 'end', atMs: toMs + 1000, interrupted: 0 } as const
  const run = runOfRecords(name, [head, ...records, end])
  const named = requests.every(({ promptId }) => promptId !== undefined)
  return {
    ...run,
    conditions: { ...run.conditions, workload: MADE_UP, ...conditions },
    requests: named ? run.requests : run.requests!.map((r) => ({ ...r, promptId: undefined })),
  }
}

function resultOf({ atMs, ttftMs, tpotMs, ...made }: MadeUp) {
  const { outputTokens, inputTokens, outcome } = made
  const firstMs = atMs + ttftMs
  const lastMs = made.lastMs ?? firstMs + (outputTokens - 1) * tpotMs
  const step = outputTokens > 1 ? (lastMs - firstMs) / (outputTokens - 1) : 0
  const marks = { dueMs: atMs, startMs: atMs, sentMs: atMs, connectingMs: undefined, endMs: lastMs }
  const usage = {
    input: inputTokens,
    output: outputTokens,
    cached: undefined,
    reasoning: undefined,
  }
  const chunkTimesMs = Array.from({ length: outputTokens }, (_, i) => firstMs + i * step)
  const reason = outcome === 'completed' ? '' : 'http_503'
  return resultWith({ outcome, reason, usage, outputTokens, chunkTimesMs }, marks)
}

/** A run of which only results are left, with a figure of a test's choice: `ttft_p95`. */
export function resultsRun(
  name: string,
  id: string,
  value: number,
  conditions: Partial<RunConditions> = {},
): Run {
  const run = madeUpRun(name, [], 1000, conditions)
  const [, metric, stat] = /^(.*)_(p\d+)$/.exec(id)!
  const { measured } = run.report
  const stats = { ...(measured.metrics[`llm_${metric}`] as TrendStats), [stat!]: value }
  const metrics = { ...measured.metrics, [`llm_${metric}`]: stats }
  return {
    ...run,
    requests: undefined,
    report: { ...run.report, measured: { ...measured, metrics } },
  }
}

/** Poisson arrivals, 10 a second, lengths spread widely. */
export function traffic(seed: number, n: number): Scheduled[] {
  const random = randomSource(seed, 'made-up')
  let dueMs = 0
  return Array.from({ length: n }, () => ({
    dueMs: (dueMs -= 100 * Math.log(1 - random())),
    inputTokens: Math.round(20 + 600 * random()),
    outputTokens: Math.round(10 + 300 * random() ** 2),
  }))
}

/** A run as a model of the server served it; `slower` makes its figures so much larger. */
export function servedRun(name: string, seed: number, model: ServiceModel, slower = 1): Run {
  const schedule = traffic(seed, 600)
  const { ttftMs, tpotMs } = replay(schedule, model)
  const requests = schedule.map(({ dueMs, inputTokens, outputTokens }, i) =>
    request({
      atMs: dueMs,
      ttftMs: ttftMs[i]! * slower,
      tpotMs: tpotMs[i]! * slower,
      outputTokens,
      inputTokens,
    }),
  )
  return madeUpRun(name, requests, 60_000)
}
