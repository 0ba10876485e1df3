import { replay } from '../../lib/compare/traffic/replay.ts'
import type { Scheduled, ServiceModel } from '../../lib/compare/traffic/replay.ts'
import { randomSource } from '../../lib/random/index.ts'
import type { OldSample, RunConditions, RunData } from '../../lib/runs/index.ts'

interface Given {
  atMs: number
  ttftMs?: number
  tpotMs?: number
  tokens?: number
  lastMs?: number
  outcome?: OldSample['outcome']
  good?: boolean
  inputTokens?: number
  promptId?: string
}

/** A request with the figures of a test's choice. */
export function request(given: Given): OldSample {
  const { atMs, ttftMs = 100, tpotMs = 10, tokens = 10, outcome = 'completed' } = given
  const first = atMs + ttftMs
  const last = given.lastMs ?? first + (tokens - 1) * tpotMs
  return {
    atMs,
    endMs: last,
    promptId: given.promptId,
    outcome,
    good: given.good,
    inputTokens: given.inputTokens ?? 100,
    cachedTokens: undefined,
    outputTokens: tokens,
    asked: { inputTokens: given.inputTokens ?? 100, outputTokens: tokens },
    firstTokenMs: first,
    lastTokenMs: last,
    timings: { ttftMs, tpotMs, e2eMs: last - atMs },
  }
}

export function madeUpRun(
  name: string,
  requests: readonly OldSample[] | undefined,
  toMs: number,
  more: Partial<RunConditions> = {},
  figures: RunData['figures'] = {},
): RunData {
  const conditions = { loop: 'open', shape: 'steady', asked: 5, clientLimits: [], ...more }
  return { name, startedAt: undefined, conditions, fromMs: 0, toMs, requests, figures }
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
export function servedRun(name: string, seed: number, model: ServiceModel, slower = 1): RunData {
  const schedule = traffic(seed, 600)
  const { ttftMs, tpotMs } = replay(schedule, model)
  const requests = schedule.map(({ dueMs, inputTokens, outputTokens }, i) =>
    request({
      atMs: dueMs,
      ttftMs: ttftMs[i]! * slower,
      tpotMs: tpotMs[i]! * slower,
      tokens: outputTokens,
      inputTokens,
    }),
  )
  return madeUpRun(name, requests, 60_000)
}
