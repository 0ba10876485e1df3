import type { RequestSample, RunConditions, RunData } from '../../lib/analysis/index.ts'

interface Given {
  atMs: number
  ttftMs?: number
  tpotMs?: number
  tokens?: number
  lastMs?: number
  outcome?: RequestSample['outcome']
  good?: boolean
  inputTokens?: number
  promptId?: string
}

/** A request with the figures of a test's choice. */
export function request(given: Given): RequestSample {
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
  requests: readonly RequestSample[] | undefined,
  toMs: number,
  more: Partial<RunConditions> = {},
  figures: RunData['figures'] = {},
): RunData {
  const conditions = { loop: 'open', shape: 'steady', asked: 5, clientLimits: [], ...more }
  return { name, startedAt: undefined, conditions, fromMs: 0, toMs, requests, figures }
}
