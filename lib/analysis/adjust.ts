import { replay } from './replay.ts'
import type { ServiceModel } from './replay.ts'
import { fitService } from './service.ts'
import type { RequestSample, RunConditions, RunData } from './types.ts'

/** Two runs' traffic played through one model of the server: what the traffic alone would do. */
export interface TrafficModel {
  model: ServiceModel
  /** Both sides as the model served them. */
  before: RunData
  after: RunData
  /** Lengths of prompts were known too. */
  prompts: boolean
}

/** Conditions that are to be alike: where they differ, the traffic is part of what is compared. */
const ALIKE: readonly (keyof RunConditions)[] = [
  'scenario',
  'shape',
  'loop',
  'unit',
  'inputTokens',
  'outputTokens',
]
/** Asked loads may differ by this as in `differences`. */
const LOAD_SHARE = 0.01

/**
 * A model of what the traffic does to both sides' figures, from facts that the server cannot change:
 * when each request was due, and the lengths that were asked for. The model itself is fitted to both
 * sides together; it is the same for both.
 * @returns why there is none, as a text that follows "not adjusted: ", where there is none
 */
export function trafficModel(a: RunData, b: RunData): TrafficModel | string {
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
  return { model, prompts, before: play(left, a, model), after: play(right, b, model) }
}

function servedOf(run: RunData, prompts: boolean) {
  const requests = [...(run.requests ?? [])].sort((x, y) => x.atMs - y.atMs)
  const inside = (r: RequestSample) => r.atMs >= run.fromMs && r.atMs < run.toMs
  return {
    requests,
    schedule: requests.map((r) => ({
      dueMs: r.atMs,
      inputTokens: prompts ? (r.asked?.inputTokens ?? 0) : 0,
      outputTokens: r.asked?.outputTokens ?? 0,
    })),
    tpotMs: requests.map((r) =>
      r.outcome === 'completed' && inside(r) ? r.timings.tpotMs : undefined,
    ),
    mostInFlight: mostTogether(requests),
  }
}

/** Most requests that were between their first and last token at one moment. */
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

/** The run as the model served it: with no failure, and every request good. */
function play(
  { requests, schedule }: ReturnType<typeof servedOf>,
  run: RunData,
  model: ServiceModel,
): RunData {
  const replayed = replay(schedule, model)
  const played = requests.map((r, i): RequestSample => {
    const outputTokens = schedule[i]?.outputTokens ?? 0
    const [ttftMs, lastMs] = [replayed.ttftMs[i] as number, replayed.lastMs[i] as number]
    const e2eMs = lastMs - r.atMs
    return {
      ...r,
      outcome: 'completed',
      good: true,
      cachedTokens: undefined,
      outputTokens,
      firstTokenMs: r.atMs + ttftMs,
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
  return { ...run, requests: played }
}
