import { timingsOf } from '../../lib/exchange/index.ts'
import type { ExchangeResult } from '../../lib/exchange/index.ts'
import { requestLimits, windowAt, windowsOf } from '../../lib/metrics/index.ts'
import type { RequestLimit, Slo, Window } from '../../lib/metrics/index.ts'
import { requestRecord } from '../../lib/records/index.ts'
import type { AnyRecord, RequestRecord, RunRecord } from '../../lib/records/index.ts'
import type { Arrival, SimulatedRequest } from '../../simulator/index.ts'

/** Describes a virtual run, for the first line of its records. */
export interface VirtualHead {
  warmupMs: number
  measuredMs: number
  loop: 'open' | 'closed'
  /** Requests/s, or requests in flight. */
  asked: number
  trafficSeed: number
  /** Medians and sigmas of the lengths. */
  lengths: Record<'input' | 'output', { median: number; sigma: number }>
  slo: Slo | undefined
  model: string
}

/** A request as its client saw it. */
export interface VirtualRequest {
  arrival: Arrival
  /** Undefined where no length was asked for. */
  askedOutputTokens: number | undefined
  result: ExchangeResult
}

/** Last answers are waited for as long as the load took. */
const DRAIN = 2

/** The records that k6 would have written for a virtual run. */
export function recordsOf(
  head: VirtualHead,
  requests: readonly VirtualRequest[],
): readonly AnyRecord[] {
  const { warmupMs, measuredMs, slo, trafficSeed, model } = head
  const endMs = warmupMs + measuredMs
  const run = runRecord(head, endMs)
  const windows = windowsOf(run.run.plan.phases)
  const limits = slo === undefined ? NO_LIMITS : requestLimits(slo)
  const records = requests.map(({ arrival, askedOutputTokens, result }): RequestRecord => {
    const { phase, measured, slice } = placeOf(windows, arrival.atMs)
    return requestRecord(result, timingsOf(result), {
      id: `load-${arrival.id}`,
      labels: { phase, measured, slice, app: 'chat', model },
      // As the workloads do: the n-th request of a seed has the n-th prompt.
      promptId: `chat-${trafficSeed}-${arrival.id}`,
      askedInputTokens: askedOutputTokens === undefined ? undefined : arrival.promptTokens,
      askedOutputTokens,
      originMs: 0,
      windows,
      limits,
      include: { gaps: false, text: undefined },
    })
  })
  return [run, ...records, { v: 1, record: 'end', atMs: DRAIN * endMs, interrupted: 0 }]
}

function runRecord(head: VirtualHead, endMs: number): RunRecord {
  const { warmupMs, measuredMs, loop, asked, lengths, slo, trafficSeed, model } = head
  const spec = (of: { median: number; sigma: number }) => ({ kind: 'lognormal', ...of })
  const phases = [
    { name: 'warm-up', role: 'warmup', startMs: 0, endMs: warmupMs, measured: false },
    { name: 'steady', role: 'main', startMs: warmupMs, endMs, measured: true },
  ] as const
  return {
    v: 1,
    record: 'run',
    startedAt: '2026-03-01T12:00:00.000Z',
    run: {
      scenario: 'chat-steady',
      config: {
        api: 'openai-chat',
        inputTokens: spec(lengths.input),
        outputTokens: spec(lengths.output),
        load: { seed: trafficSeed },
      },
      plan: {
        shape: 'steady',
        loop,
        unit: loop === 'open' ? 'requests/s' : 'requests in flight',
        phases: phases
          .filter((phase) => phase.endMs > phase.startMs)
          .map((phase) => ({ ...phase, from: asked, to: asked })),
        endMs,
        drainMs: (DRAIN - 1) * endMs,
        peak: asked,
        maxVUs: 1000,
        segment: null,
      },
      slo: slo ?? { errorRate: 1 },
      workload: {
        schedule: JSON.stringify([trafficSeed, asked, warmupMs, measuredMs]),
        lengths: JSON.stringify([trafficSeed, lengths]),
        prompts: String(trafficSeed),
      },
      clock: 'socket',
      server: { model },
      gapSampling: 1,
      warnings: [],
    },
  }
}

function placeOf(windows: readonly Window[], atMs: number) {
  const { phase, measured, slice } = windowAt(windows, atMs) ?? OUTSIDE
  return { phase, measured, slice }
}

const OUTSIDE = { phase: 'drain', measured: false, slice: undefined }

const NO_LIMITS: readonly RequestLimit[] = []

/**
 * An answer as its client saw it at the other end of a network. Both ends travel: first and last
 * chunk are late by their own bit of it.
 * @param dueMs undefined in a closed loop
 * @returns undefined for an answer that did not end
 */
export function answered(
  served: SimulatedRequest,
  dueMs: number | undefined,
  delay: () => number,
): ExchangeResult | undefined {
  const { tokenTimesMs, arrivalMs, promptTokens, cachedTokens, outputTokens } = served
  const [first, last] = [tokenTimesMs[0], tokenTimesMs[tokenTimesMs.length - 1]]
  if (!served.finished || first === undefined || last === undefined) return undefined
  const firstMs = first + delay()
  const lastMs = Math.max(firstMs, last + delay())
  const end = tokenTimesMs.length - 1
  const times = tokenTimesMs.map((ms, i) =>
    i === 0 ? firstMs : i === end ? lastMs : Math.min(lastMs, Math.max(firstMs, ms)),
  )
  const base = unanswered(arrivalMs, dueMs, lastMs, 'completed', '')
  return {
    ...base,
    httpStatus: 200,
    marks: {
      ...base.marks,
      headersMs: firstMs,
      firstByteMs: firstMs,
      firstTokenMs: firstMs,
      firstAnswerMs: firstMs,
      lastTokenMs: lastMs,
    },
    usage: {
      input: promptTokens,
      output: outputTokens,
      cached: cachedTokens,
      reasoning: undefined,
    },
    tokenSource: 'usage',
    outputTokens,
    chunks: times.length,
    chunkTimesMs: times,
    finishReason: 'stop',
    finish: 'stop',
  }
}

/** A request that brought no token. */
export function unanswered(
  atMs: number,
  dueMs: number | undefined,
  endMs: number,
  outcome: ExchangeResult['outcome'],
  reason: string,
): ExchangeResult {
  return {
    outcome,
    reason,
    message: undefined,
    httpStatus: undefined,
    retryAfterS: undefined,
    marks: {
      dueMs,
      startMs: atMs,
      connectingMs: undefined,
      sentMs: atMs,
      headersMs: undefined,
      firstByteMs: undefined,
      firstTokenMs: undefined,
      firstAnswerMs: undefined,
      lastTokenMs: undefined,
      endMs,
    },
    usage: undefined,
    tokenSource: 'none',
    outputTokens: 0,
    chunks: 0,
    firstChunkTokens: undefined,
    bunches: undefined,
    chunkTimesMs: [],
    chunkTokens: undefined,
    hiddenReasoning: false,
    notes: [],
    malformedEvents: 0,
    finishReason: undefined,
    finish: undefined,
    text: undefined,
    reusedConnection: true,
    clock: 'socket',
    headers: {},
  }
}
