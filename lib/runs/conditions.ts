import type { Report } from '../results/index.ts'
import type { RequestSample, RunConditions } from './types.ts'

/** Warnings of a report which suggest that the client, not the server, set the figures. */
const CLIENT_WARNINGS: readonly string[] = ['lateness', 'dropped_iterations', 'client_limited']

/**
 * What must be alike for two runs to be compared.
 * @param requests from records, where there are any: they show which models were asked for
 */
export function conditionsOf(
  { run, environment, load, measured, warnings }: Report,
  requests: readonly RequestSample[] = [],
): RunConditions {
  const models = new Set(requests.filter((r) => r.measured).map((r) => r.model))
  const { config } = environment
  const own = isObject(config['load']) ? config['load'] : {}
  return {
    scenario: run.scenario,
    model: models.size > 0 ? [...models].sort().join(', ') : (environment.model ?? undefined),
    shape: load.shape,
    loop: load.loop,
    unit: load.unit,
    asked: measured.asked ?? undefined,
    seed: typeof own['seed'] === 'number' ? own['seed'] : undefined,
    inputTokens: lengthText(config['inputTokens']),
    outputTokens: lengthText(config['outputTokens']),
    workload: load.workload ?? undefined,
    clock: environment.clock ?? undefined,
    api: typeof config['api'] === 'string' ? config['api'] : undefined,
    clientLimits: warnings
      .filter(({ type }) => CLIENT_WARNINGS.includes(type))
      .map(({ message }) => message),
  }
}

/** `lognormal(median 500, sigma 0.6, min 1, max 5512)` */
function lengthText(spec: unknown): string | undefined {
  if (!isObject(spec)) return undefined
  const { kind, ...rest } = spec
  const parts = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  return `${String(kind)}(${parts.join(', ')})`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
