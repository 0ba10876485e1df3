import {
  CATALOGUE,
  DRAIN,
  isInResults,
  isOfDivergence,
  isOfQuality,
  segmentShare,
} from '../../metrics/index.ts'
import type { MetricDef } from '../../metrics/index.ts'
import { droppedIn } from './dropped.ts'
import { countOf, statsOf, trendOf } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { Figure, RunInfo, RunPhase, ScopeReport, Stats } from '../../results/index.ts'

/** How far into the plan the run got, ms; to its end unless the run ended early. */
export function elapsedLoadMs(summary: Summary, run: RunInfo): number {
  if (summary.durationMs === null) return run.plan.endMs
  return Math.max(0, Math.min(run.plan.endMs, summary.durationMs - (run.loadStartMs ?? 0)))
}

/** The sum of figures; null as soon as one has no value. */
export function sumOf(figures: readonly Figure[]): Figure {
  return figures.reduce<Figure>((all, one) => (all === null || one === null ? null : all + one), 0)
}

/** Phases of a plan that figures are of, in its order: those with the same name are one, measured if all of them are. */
export function phasesByName({
  phases,
}: RunInfo['plan']): { name: string; measured: boolean; own: RunPhase[] }[] {
  const names = [...new Set(phases.map((phase) => phase.name))]
  return names.map((name) => {
    const own = phases.filter((phase) => phase.name === name)
    return { name, measured: own.every((phase) => phase.measured), own }
  })
}

/** Figures per phase. */
export function phaseScopes(summary: Summary, run: RunInfo): ScopeReport[] {
  const found = phasesByName(run.plan).map(({ name, measured, own }) =>
    scope(summary, run, name, measured, own, { phase: name }),
  )
  const dropped = droppedIn(summary, run, found)
  return found.map((phase, i) => ({ ...phase, dropped: dropped[i]! }))
}

/** @param phases as `phaseScopes` gives them */
export function measuredScope(
  summary: Summary,
  run: RunInfo,
  phases: readonly ScopeReport[],
): ScopeReport {
  const own = run.plan.phases.filter((phase) => phase.measured)
  const all = own.length === run.plan.phases.length
  const dropped = sumOf(phases.filter(({ measured }) => measured).map((phase) => phase.dropped))
  return {
    ...scope(summary, run, 'measured', true, own, { measured: 'true' }),
    dropped: all ? countOf(summary, 'dropped_iterations') : dropped,
  }
}

/** Figures of the whole run, warm-up and drain included. */
export function totalScope(summary: Summary, run: RunInfo): ScopeReport {
  return {
    ...scope(summary, run, 'whole run', false, run.plan.phases, {}),
    dropped: countOf(summary, 'dropped_iterations'),
  }
}

function scope(
  summary: Summary,
  run: RunInfo,
  name: string,
  measured: boolean,
  phases: readonly RunPhase[],
  tags: Record<string, string>,
): Omit<ScopeReport, 'dropped'> {
  const elapsed = elapsedLoadMs(summary, run)
  const lengthMs = phases.reduce((sum, p) => sum + within(p, elapsed), 0)
  const perS = (count: Figure) =>
    count === null || lengthMs <= 0 ? null : (count * 1000) / lengthMs
  const count = (metric: string, extra: Record<string, string> = {}) =>
    countOf(summary, metric, { ...tags, ...extra })

  const finished = count('llm_requests')
  const completed = count('llm_requests', { outcome: 'completed' })
  const aborted = count('llm_requests', { outcome: 'aborted' })
  const cancelled = count('llm_requests', { outcome: 'cancelled' })
  const failed =
    finished === null || completed === null
      ? null
      : finished - completed - (cancelled ?? 0) - (aborted ?? 0)
  const started = count('llm_requests_started')
  const received = count('llm_output_tokens')
  const whole = count('llm_output_tokens', { outcome: 'completed' })
  const cut = count('llm_output_tokens', { outcome: 'cancelled' })
  const flight = count('llm_in_flight_time')
  const inDrain =
    name === 'whole run' ? (countOf(summary, 'llm_in_flight_time', { phase: DRAIN }) ?? 0) : 0
  const good = rateOf(summary, 'llm_request_good', tags)
  const goodCount = good.total === null || good.total === 0 ? null : good.passes
  const tpot = trendOf(summary, 'llm_tpot', tags).p50

  return {
    name,
    measured,
    lengthMs,
    asked: askedOfPod(askedMean(phases, elapsed), run),
    started,
    finished,
    completed,
    failed,
    cancelled,
    aborted,
    startedPerS: perS(started),
    completedPerS: perS(completed),
    inFlight: flight === null || lengthMs <= 0 || !finished ? null : (flight - inDrain) / lengthMs,
    outputTokensPerS: !completed && !whole ? null : perS(whole),
    inputTokensPerS: perS(count('llm_input_tokens') || null),
    textsPerS: perS(textsOf(completed, run)),
    failedTokens:
      received === null || whole === null ? null : Math.max(0, received - whole - (cut ?? 0)),
    cancelledTokens: cut,
    tokensPerSPerUser: tpot === null || tpot <= 0 ? null : 1000 / tpot,
    good: goodCount,
    goodPerS: perS(goodCount),
    goodShare: good.rate,
    errorRate: rateOf(summary, 'llm_request_failed', tags).rate,
    cachedShare: cachedShareOf(summary, tags),
    metrics: metricsOf(summary, run, tags),
  }
}

/** Requests for embeddings carry `BATCH_SIZE` texts each. */
function textsOf(completed: Figure, { config }: RunInfo): Figure {
  if (completed === null || config['api'] !== 'embeddings') return null
  const { BATCH_SIZE: size } = (config['values'] ?? {}) as Record<string, unknown>
  return typeof size === 'number' ? completed * size : null
}

function metricsOf(
  summary: Summary,
  { graders, idle }: RunInfo,
  tags: Record<string, string>,
): Record<string, Stats> {
  const found: Record<string, Stats> = {}
  for (const def of CATALOGUE as readonly MetricDef[]) {
    if (graders === undefined && isOfQuality(def.name)) continue
    if (idle === undefined && isOfDivergence(def.name)) continue
    if (isInResults(def)) found[def.name] = statsOf(summary, def.kind, def.name, tags)
  }
  return found
}

/** Cached share of the input tokens; null where the server does not report cached tokens. */
export function cachedShareOf(summary: Summary, tags: Record<string, string>): Figure {
  const reported = countOf(summary, 'llm_cached_tokens')
  const cached = countOf(summary, 'llm_cached_tokens', tags)
  const input = countOf(summary, 'llm_input_tokens', tags)
  // A server that reports none at all adds no sample, and k6 shows an empty counter as 0.
  return !reported || cached === null || !input ? null : cached / input
}

function rateOf(summary: Summary, metric: string, tags: Record<string, string>) {
  return statsOf(summary, 'rate', metric, tags) as Extract<Stats, { kind: 'rate' }>
}

function within(phase: RunPhase, elapsedMs: number): number {
  return Math.max(0, Math.min(phase.endMs, elapsedMs) - phase.startMs)
}

/** The plan covers all pods of a run, so one pod was asked only for its segment's share. */
function askedOfPod(asked: Figure, { plan }: RunInfo): Figure {
  return asked === null ? null : asked * segmentShare(plan.segment)
}

/**
 * Mean asked load over the part that ran: by the schedule where one was drawn and the phase is over, else
 * linear between the ends of a phase.
 */
function askedMean(phases: readonly RunPhase[], elapsedMs: number): Figure {
  let area = 0
  let length = 0
  for (const phase of phases) {
    const ran = within(phase, elapsedMs)
    if (ran <= 0) continue
    length += ran
    if (phase.due !== undefined && ran >= phase.endMs - phase.startMs) {
      area += phase.due * 1000
      continue
    }
    const end = phase.from + ((phase.to - phase.from) * ran) / (phase.endMs - phase.startMs)
    area += (ran * (phase.from + end)) / 2
  }
  return length > 0 ? area / length : null
}
