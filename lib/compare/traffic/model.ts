import { replay } from './replay.ts'
import type { ServiceModel } from './replay.ts'
import { fitService } from './service.ts'
import { windowPosition } from '../../runs/index.ts'
import type { RequestSample, RunConditions, Run } from '../../runs/index.ts'

/** A run's requests as the model played them. */
export type Played = Pick<Run, 'requests' | 'window'>

/** The traffic of two runs played through one model of the server: what the traffic alone would do. */
export interface TrafficModel {
  model: ServiceModel
  /** Both sides as the model played them. */
  before: Played
  after: Played
  /** What the changes are adjusted for. */
  text: string
}

/** Conditions that must be equal: where they differ, the traffic is part of what is compared. */
const ALIKE: readonly (keyof RunConditions)[] = [
  'scenario',
  'shape',
  'loop',
  'unit',
  'inputTokens',
  'outputTokens',
]
/** Asked loads may differ by this much, as in `differences`. */
const LOAD_SHARE = 0.01

/**
 * A model of what the traffic does to the figures of both sides, from facts that the server cannot
 * change: when each request was due, and the lengths that were asked for. The model is fitted to both
 * sides together, so it is the same for both.
 * @returns the model, or as a text why there is none
 */
export function trafficModel(a: Run, b: Run): TrafficModel | string {
  const unlike = ALIKE.find((name) => {
    const [was, is] = [a.conditions[name], b.conditions[name]]
    return was !== undefined && is !== undefined && was !== is
  })
  if (unlike !== undefined) return `the sides differ in what is asked of the server (${unlike})`
  const [was, is] = [a.conditions.asked, b.conditions.asked]
  if (was !== undefined && is !== undefined)
    if (Math.max(was, is) > (1 + LOAD_SHARE) * Math.min(was, is))
      return 'the sides differ in the load asked'
  if (a.conditions.loop === 'closed' || b.conditions.loop === 'closed')
    return 'in a closed loop the server itself decides when requests come'
  const both = [...(a.requests ?? []), ...(b.requests ?? [])]
  if (!both.every((r) => r.asked !== undefined))
    return 'not every request has a due time and an asked length of its answer (conversations and constant arrivals have none that the server cannot change)'
  const prompts = both.every((r) => r.asked?.inputTokens !== undefined)
  const [left, right] = [servedOf(a, prompts), servedOf(b, prompts)]
  const model = fitService([left, right])
  if (model === undefined) return 'too few requests have a TPOT'
  const text = `${prompts ? 'due times and asked lengths of prompts and answers' : 'due times and asked lengths of answers'} of both sides, played through one model of the server (a step of ${model.baseMs.toFixed(2)} ms + ${model.perRequestMs.toFixed(3)} ms per request in flight, ${model.perInputTokenMs.toFixed(3)} ms per prompt token, at most ${model.mostInFlight} in flight)`
  return { model, text, before: play(left, a, model), after: play(right, b, model) }
}

function servedOf(run: Run, prompts: boolean) {
  const requests = [...(run.requests ?? [])].sort((x, y) => x.atMs - y.atMs)
  return {
    requests,
    schedule: requests.map((r) => ({
      dueMs: r.atMs,
      inputTokens: prompts ? (r.asked?.inputTokens ?? 0) : 0,
      outputTokens: r.asked?.outputTokens ?? 0,
    })),
    tpotMs: requests.map((r) =>
      r.outcome === 'completed' && r.measured ? r.timings.tpotMs : undefined,
    ),
    mostInFlight: mostTogether(requests),
  }
}

/** Most requests between their first and last token at the same moment. */
function mostTogether(requests: readonly RequestSample[]): number {
  const changes = requests.flatMap(({ firstTokenMs, lastTokenMs }) =>
    firstTokenMs === undefined || lastTokenMs === undefined
      ? []
      : [
          { atMs: firstTokenMs, by: 1 },
          { atMs: lastTokenMs, by: -1 },
        ],
  )
  changes.sort((x, y) => x.atMs - y.atMs)
  let now = 0
  let most = 0
  for (const { by } of changes) most = Math.max(most, (now += by))
  return most
}

/** The run as the model played it: no request fails, and every request is good. */
function play(
  { requests, schedule }: ReturnType<typeof servedOf>,
  { window }: Run,
  model: ServiceModel,
): Played {
  const replayed = replay(schedule, model)
  const played = requests.map((r, i): RequestSample => {
    const outputTokens = schedule[i]?.outputTokens ?? 0
    const [ttftMs, lastMs] = [replayed.ttftMs[i] as number, replayed.lastMs[i] as number]
    const [e2eMs, firstMs] = [lastMs - r.atMs, r.atMs + ttftMs]
    const insideMs = windowPosition(window, lastMs) - windowPosition(window, firstMs)
    return {
      ...r,
      outcome: 'completed',
      good: true,
      cachedTokens: undefined,
      outputTokens,
      // Spread evenly from the first to the last token; those within the window count.
      measuredTokens:
        lastMs > firstMs
          ? (outputTokens * insideMs) / (lastMs - firstMs)
          : r.measured
            ? outputTokens
            : 0,
      firstTokenMs: firstMs,
      lastTokenMs: lastMs,
      endMs: lastMs,
      timings: {
        ttfbMs: ttftMs,
        ttftMs,
        ttfoMs: ttftMs,
        ttftDueMs: ttftMs,
        tpotMs: outputTokens > 1 ? replayed.tpotMs[i] : undefined,
        e2eMs,
        streamMs: e2eMs,
        e2eDueMs: e2eMs,
      },
    }
  })
  return { window, requests: played }
}
