import type { FinishedRequest, SampleContext, TimingValues } from '../../lib/metrics/index.ts'

/** Sent at 1000, tokens at 1100, 1110, …, 1130: TTFT 100, TPOT 10, E2E 130. */
export function request(change: Partial<FinishedRequest> = {}): FinishedRequest {
  return {
    outcome: 'completed',
    reason: '',
    marks: { startMs: 998, sentMs: 1000, endMs: 1140 },
    usage: { input: 50, output: 4, cached: 16 },
    tokenSource: 'usage',
    outputTokens: 4,
    chunkTimesMs: [1100, 1110, 1120, 1130],
    chunkTokens: undefined,
    chunks: 4,
    bunches: undefined,
    hiddenReasoning: false,
    notes: [],
    finish: undefined,
    malformedEvents: 0,
    ...change,
  }
}

export function timings(change: Partial<TimingValues> = {}): TimingValues {
  const made = {
    ttfbMs: 20,
    ttftMs: 100,
    ttfoMs: 100,
    tpotMs: 10,
    stallMs: 10,
    e2eMs: 130,
    streamMs: 140,
    connectingMs: 1,
    tlsMs: 0.5,
    latenessMs: 2,
    ttftDueMs: 103,
    e2eDueMs: 133,
    iclMs: [10, 10, 10],
    itlMs: [10, 10, 10],
    ...change,
  }
  return {
    iclAtMs: (i) => made.iclMs[i]!,
    itlAtMs: (i) => made.itlMs[i]!,
    ...made,
  }
}

export function context(change: Partial<SampleContext> = {}): SampleContext {
  return {
    windows: [
      { phase: 'warmup', measured: false, slice: undefined, startMs: 0, endMs: 1115 },
      { phase: 'steady', measured: true, slice: '1', startMs: 1115, endMs: 1125 },
      { phase: 'steady', measured: true, slice: '2', startMs: 1125, endMs: 1135 },
    ],
    slice: undefined,
    limits: [],
    gapSampling: 1,
    random: () => 0.5,
    ...change,
  }
}
