import { percentile } from '../statistics/index.ts'
import type { RequestRecord, RunRecord } from '../records/index.ts'
import { TRUST } from '../metrics/index.ts'
import type { OldSample, RunData } from './run-data.ts'
import type { RunConditions } from './types.ts'

/** Collects a run's records, of one pod or of all of them; what the analysis needs stays. */
export function createOldCollector(name: string): {
  onRun(record: RunRecord): void
  onRequest(record: RequestRecord): void
  /** @returns undefined when there was no run record or no measured phase */
  run(): RunData | undefined
} {
  let head: RunRecord | undefined
  const requests: OldSample[] = []
  const models = new Set<string>()
  let clock: string | undefined

  return {
    onRun(record) {
      head ??= record
    },
    onRequest(record) {
      requests.push(sampleOf(record))
      if (record.measured) models.add(record.model)
      clock ??= record.clock
    },
    run() {
      const phases = head?.run.plan.phases.filter((phase) => phase.measured) ?? []
      if (head === undefined || phases.length === 0) return undefined
      const fromMs = Math.min(...phases.map((phase) => phase.startMs))
      const plannedMs = Math.max(...phases.map((phase) => phase.endMs))
      // A run that was stopped has no requests after that; rates are over the time that ran.
      const lastMs = requests.reduce((last, r) => Math.max(last, r.atMs, r.endMs), -Infinity)
      const toMs = Math.min(plannedMs, Math.max(lastMs, fromMs + 1))
      const conditions = conditionsOf(head.run, [...models].sort().join(', ') || undefined, clock)
      const late = requests.filter((r) => r.atMs >= fromMs && r.atMs < toMs)
      return {
        name,
        startedAt: head.startedAt,
        conditions: { ...conditions, clientLimits: lateness(late) },
        fromMs,
        toMs,
        requests,
        figures: {},
      }
    },
  }
}

function sampleOf(r: RequestRecord): OldSample {
  const { sentMs, firstTokenMs, lastTokenMs, dueMs } = r
  const since = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? undefined : to - from
  return {
    atMs: dueMs ?? r.startMs,
    endMs: r.endMs,
    promptId: r.promptId,
    outcome:
      r.outcome === 'completed' || r.outcome === 'aborted' ? (r.outcome as 'completed') : 'failed',
    good: r.good,
    inputTokens: r.inputTokens,
    cachedTokens: r.cachedTokens,
    // Tokens that were billed and not streamed were not received.
    outputTokens: r.hiddenReasoning === true ? r.chunks : r.outputTokens,
    asked: askedOf(r),
    firstTokenMs,
    lastTokenMs,
    timings: {
      ttftMs: r.ttftMs,
      tpotMs: r.tpotMs,
      e2eMs: r.e2eMs,
      stallMs: r.stallMs,
      latenessMs: r.latenessMs,
      ttfbMs: since(sentMs, r.firstByteMs),
      ttfoMs: since(sentMs, r.firstAnswerMs),
      streamMs: since(sentMs, r.endMs),
      connectingMs: r.connectingMs,
      ttftDueMs: since(dueMs, firstTokenMs),
      e2eDueMs: since(dueMs, lastTokenMs),
    },
  }
}

/** A further turn of a conversation is due when the server is done with the one before. */
function askedOf(r: RequestRecord): OldSample['asked'] {
  if (r.dueMs === undefined || r.askedOutputTokens === undefined || (r.turn ?? 1) > 1)
    return undefined
  return { inputTokens: r.askedInputTokens, outputTokens: r.askedOutputTokens }
}

function lateness(requests: readonly OldSample[]): string[] {
  const late = requests.flatMap((r) => r.timings.latenessMs ?? [])
  const p99 = percentile(late, 0.99)
  if (p99 === undefined || p99 <= TRUST.latenessP99Ms) return []
  return [
    `requests started late (p99 ${p99.toFixed(1)} ms after they were due, limit ${TRUST.latenessP99Ms} ms): the client may have set the figures`,
  ]
}

function conditionsOf(
  run: RunRecord['run'],
  models: string | undefined,
  clock: string | undefined,
): Omit<RunConditions, 'clientLimits'> {
  const plan = run.plan
  const measured = plan.phases.filter((phase) => phase.measured)
  const length = measured.reduce((sum, p) => sum + p.endMs - p.startMs, 0)
  const load = measured.reduce((sum, p) => sum + ((p.from + p.to) / 2) * (p.endMs - p.startMs), 0)
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return {
    ...configConditions(run['config']),
    scenario: run.scenario,
    model: models,
    shape: text(plan['shape']),
    loop: text(plan['loop']),
    unit: text(plan['unit']),
    asked: length > 0 ? load / length : undefined,
    clock,
  }
}

/** What the public configuration of a run tells of its conditions. */
export function configConditions(
  config: unknown,
): Pick<RunConditions, 'seed' | 'api' | 'inputTokens' | 'outputTokens'> {
  const fields = isObject(config) ? config : {}
  const load = isObject(fields['load']) ? fields['load'] : {}
  const shown = (value: unknown) => (isObject(value) ? lengthText(value) : undefined)
  return {
    seed: typeof load['seed'] === 'number' ? load['seed'] : undefined,
    api: typeof fields['api'] === 'string' ? fields['api'] : undefined,
    inputTokens: shown(fields['inputTokens']),
    outputTokens: shown(fields['outputTokens']),
  }
}

/** `lognormal(median 500, sigma 0.6, min 1, max 5512)` */
function lengthText(spec: Record<string, unknown>): string {
  const { kind, ...rest } = spec
  const parts = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  return `${String(kind)}(${parts.join(', ')})`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
