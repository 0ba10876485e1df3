import { CATALOGUE } from './catalogue.ts'
import { isInResults } from './defs.ts'
import { requestLimits } from './goodput.ts'
import { limitsSet, type Slo } from './limits.ts'
import {
  FINISHES,
  NOTES,
  OUTCOMES,
  PREFLIGHT_PROBLEMS,
  READING_RESULTS,
  READING_SOURCES,
  REASONS,
} from './outcomes.ts'
import { canonicalKey, selector } from './selectors.ts'
import { showQuality, type Graders } from './quality-keys.ts'
import { DIVERGENCE, isOfDivergence } from './divergence-list.ts'
import { isOfQuality } from './quality-list.ts'
import { SERVER_FIGURES, SERVERS } from './servers.ts'
import type { PhaseSpan } from './slices.ts'
import type { MetricDef } from './types.ts'
import { DRAIN } from './windows.ts'

/** Figures of each application and turn. */
const GROUPED = [
  'llm_requests_started',
  'llm_request_failed',
  'llm_ttft',
  'llm_tpot',
  'llm_e2e',
  'llm_input_tokens_per_request',
  'llm_output_tokens_per_request',
  'llm_input_tokens',
  'llm_cached_tokens',
]

/** Tail of an always-true threshold: k6 keeps a sub-metric only for a threshold's key. */
const ALWAYS = '>-1e99'
const STAT = { trend: 'max', counter: 'count', gauge: 'value', rate: 'rate' } as const

/** A real limit: one line of the verdicts, one threshold that decides the exit code. */
export interface SloThreshold {
  /** Stable name: `ttft_p95`, `error_rate`, … */
  id: string
  metric: string
  selector: string
  /** k6's threshold, e.g. `p(95)<=800`. */
  expression: string
  /** The trend's statistic, or `rate` or `count`. */
  stat: string
  limit: number
  direction: 'at most' | 'at least' | 'more than'
}

const ofServer: ReadonlySet<string> = new Set(SERVERS.map(({ name }) => name))
const MEASURED = { measured: 'true' }
/**
 * The verdicts of a service level over the measured phases. A Trend or Rate without a sample passes
 * in k6, hence the last one: at least one completed request.
 */
export function sloThresholds(slo: Slo): SloThreshold[] {
  const found: SloThreshold[] = []
  const add = (
    id: string,
    metric: string,
    stat: string,
    operator: '<=' | '>=' | '>',
    limit: number | undefined,
    tags: Record<string, string> = MEASURED,
  ) => {
    if (limit === undefined) return
    const direction = { '<=': 'at most', '>=': 'at least', '>': 'more than' } as const
    found.push({
      id,
      metric,
      selector: selector(metric, tags),
      expression: `${stat}${operator}${limit}`,
      stat,
      limit,
      direction: direction[operator],
    })
  }
  for (const { id, metric, stat, limitMs } of limitsSet(slo)) add(id, metric, stat, '<=', limitMs)
  add('error_rate', 'llm_request_failed', 'rate', '<=', slo.errorRate)
  if (requestLimits(slo).length > 0) {
    add('goodput', 'llm_request_good', 'rate', '>=', slo.goodput)
  }
  add('quality', 'llm_answer_passed', 'rate', '>=', slo.quality)
  add('valid_json', 'llm_json_valid', 'rate', '>=', slo.validJson)
  add('divergence', 'llm_answer_diverged', 'rate', '<=', slo.divergence)
  add('completed', 'llm_requests', 'count', '>', 0, { ...MEASURED, outcome: 'completed' })
  return found
}

/** The thresholds that decide whether a run passed, and no others. */
export function judgedThresholds(slo: Slo): Record<string, string[]> {
  const judged: Record<string, string[]> = {}
  for (const { selector: key, expression } of sloThresholds(slo)) {
    ;(judged[key] ??= []).push(expression)
  }
  return judged
}

/**
 * Every threshold a run registers in `options.thresholds`: the real ones of the SLO, and an
 * always-true one for each figure that the summary shows.
 * @param phases of the plan
 * @param slices names of the slices, see `windowsOf`
 * @param serverFigures whether the server's own metrics are polled
 * @param graders graders and reasons, where answers are graded
 * @param compared whether answers are compared with those of the idle server
 */
export function thresholdsFor(input: {
  phases: readonly Pick<PhaseSpan, 'name' | 'measured'>[]
  slices: readonly string[]
  slo: Slo
  serverFigures?: boolean
  /** Where there are several: their figures are kept apart. */
  endpoints?: readonly string[]
  /** Applications of a mix, turns of conversations: the same. */
  groups?: readonly { readonly tag: string; readonly values: readonly string[] }[]
  /** What answers are graded by; undefined where none are. */
  graders?: Graders | undefined
  compared?: boolean | undefined
}): Record<string, string[]> {
  const all = judgedThresholds(input.slo)
  const put = (key: string, expression: string) => {
    const list = (all[key] ??= [])
    if (!list.includes(expression)) list.push(expression)
  }
  const show = (metric: string, tags: Record<string, string> = {}) =>
    put(selector(metric, tags), always(metric))

  const scopes = [
    MEASURED,
    ...[...input.phases.map((p) => p.name), 'drain'].map((phase) => ({ phase })),
  ]
  const groups = (input.groups ?? []).flatMap(({ tag, values }) =>
    values.map((value) => ({ ...MEASURED, [tag]: value })),
  )
  const endpoints = (input.endpoints ?? []).map((endpoint) => ({ ...MEASURED, endpoint }))
  for (const def of CATALOGUE as readonly MetricDef[]) {
    if (!isInResults(def)) continue
    if (ofServer.has(def.name) && input.serverFigures !== true) continue
    if (input.graders === undefined && isOfQuality(def.name)) continue
    if (input.compared !== true && isOfDivergence(def.name)) continue
    show(def.name)
    for (const scope of scopes) show(def.name, scope)
  }
  for (const metric of ['llm_output_tokens', 'llm_in_flight_time']) show(metric, { phase: DRAIN })
  for (const scope of [{}, ...scopes]) {
    for (const outcome of OUTCOMES) show('llm_requests', { ...scope, outcome })
    show('llm_output_tokens', { ...scope, outcome: 'completed' })
    show('llm_output_tokens', { ...scope, outcome: 'cancelled' })
    show('llm_output_tokens', { ...scope, outcome: 'completed', tokens: 'chunks' })
  }
  for (const scope of [{}, MEASURED]) {
    for (const outcome of OUTCOMES) {
      for (const reason of REASONS[outcome] ?? [])
        show('llm_requests', { ...scope, outcome, reason })
    }
    for (const note of NOTES) show('llm_request_notes', { ...scope, note })
    for (const finish of FINISHES) show('llm_finish_reasons', { ...scope, finish })
    show('llm_tpot', { ...scope, tokens: 'chunks' })
    show('llm_output_tokens_per_request', { ...scope, reasoning: 'hidden' })
    show('llm_output_tokens_per_request', { ...scope, events: 'malformed' })
  }
  for (const cause of ['no_vu', 'client']) show('llm_late_requests', { ...MEASURED, cause })
  for (const problem of PREFLIGHT_PROBLEMS) show('llm_preflight_failed', { problem })
  if (input.serverFigures === true) {
    for (const figure of SERVER_FIGURES) {
      for (const scope of scopes) show('llm_server_polls', { ...scope, figure })
      show('llm_server_impossible', { figure })
    }
    for (const source of READING_SOURCES) {
      for (const result of READING_RESULTS) show('llm_server_readings', { source, result })
    }
  }
  if (input.graders !== undefined) {
    showQuality(input.graders, [{}, ...scopes, ...groups, ...endpoints], show)
  }
  if (input.compared === true) {
    for (const scope of endpoints) for (const { name } of DIVERGENCE) show(name, scope)
  }
  show('dropped_iterations')
  const sliced = slicedLatencies(input.slo)
  for (const slice of input.slices) {
    for (const metric of sliced) show(metric, { slice })
    for (const metric of ['llm_requests_started', 'llm_request_failed']) {
      show(metric, { slice })
    }
    for (const metric of ['llm_input_tokens', 'llm_cached_tokens']) show(metric, { slice })
    show('llm_requests', { slice, outcome: 'completed' })
    show('llm_requests_good', { slice })
    show('llm_output_tokens', { slice, outcome: 'completed' })
  }
  for (const scope of groups) {
    for (const metric of GROUPED) show(metric, scope)
    show('llm_requests', { ...scope, outcome: 'completed' })
  }
  for (const endpoint of input.endpoints ?? []) {
    for (const scope of [{}, MEASURED]) {
      for (const metric of [
        'llm_requests_started',
        'llm_requests',
        'llm_ttft',
        'llm_request_failed',
      ]) {
        show(metric, { ...scope, endpoint })
      }
      show('llm_requests', { ...scope, endpoint, outcome: 'completed' })
    }
    for (const slice of input.slices) {
      show('llm_requests_started', { endpoint, slice })
      show('llm_request_failed', { endpoint, slice })
    }
  }
  return all
}

/** Latencies with figures by slice: each costs a copy of every value, so others only where a limit asks for it. */
export function slicedLatencies(slo: Slo): string[] {
  const limited = limitsSet(slo).map(({ metric }) => metric)
  return [...new Set(['llm_ttft', 'llm_tpot', 'llm_e2e', ...limited])]
}

/** Joins threshold lists by the tags they select, so that two spellings of a key do not collide. */
export function mergeThresholds<T>(
  ...lists: readonly Readonly<Record<string, readonly T[]>>[]
): Record<string, T[]> {
  const merged: Record<string, T[]> = {}
  for (const list of lists) {
    for (const [key, thresholds] of Object.entries(list)) {
      const known = (merged[canonicalKey(key)] ??= [])
      for (const threshold of thresholds) if (!known.includes(threshold)) known.push(threshold)
    }
  }
  return merged
}

/** Whether a threshold only keeps a figure in the summary and is no verdict. */
export function isAlwaysTrue(expression: string): boolean {
  return expression.replace(/\s/g, '').endsWith(ALWAYS)
}

function always(metric: string): string {
  const kind = (CATALOGUE as readonly MetricDef[]).find((def) => def.name === metric)?.kind
  return STAT[kind ?? 'counter'] + ALWAYS
}
