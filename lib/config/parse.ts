import { safeParse } from 'zod/mini'
import { checks, peakOf, type Reading } from './checks.ts'
import { hideCredentials } from './endpoint.ts'
import { nearMisses } from './near-miss.ts'
import { FIXED_LOOP } from './shapes.ts'
import type {
  Arrivals,
  Config,
  ConfigProblem,
  ConfigWarning,
  EndpointConfig,
  ParseInput,
  ParseResult,
  WeightedEndpoint,
} from './types.ts'
import { variableNames, variables, type Values, type Variable } from './variables.ts'
import type { VariableName } from './variables.ts'

const entry = (name: VariableName): Variable => variables[name]

interface Written {
  text: string | undefined
  source: ConfigProblem['source']
}

/** An empty value counts as none: `-e NAME=` is how a shell takes a variable back. */
const filled = (text: string | undefined) => (text?.trim() ? text : undefined)

function written({ env, defaults = {} }: ParseInput, name: VariableName): Written {
  const text = filled(Object.hasOwn(env, name) ? env[name] : undefined)
  if (text !== undefined) return { text, source: 'environment' }
  const own = defaults[name]
  if (own !== undefined) return { text: String(own), source: 'scenario default' }
  return { text: entry(name).default, source: 'default' }
}

/** A value as a message may show it: no secret, no credentials, not endless. */
function shown(name: VariableName, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (entry(name).secret) return '(hidden)'
  const safe = name.startsWith('BASE_URL') ? hideCredentials(text) : text
  return safe.length > 120 ? `${safe.slice(0, 120)}…` : safe
}

const loopVariables = {
  open: ['RATE', 'PEAK_RATE'],
  closed: ['CONCURRENCY', 'PEAK_CONCURRENCY'],
} as const

/** What the user gave decides; else what the scenario's defaults name; else an open loop. */
function loopOf(has: (name: VariableName) => boolean, byDefault: (name: VariableName) => boolean) {
  if (loopVariables.open.some(has)) return 'open'
  if (loopVariables.closed.some(has)) return 'closed'
  if (loopVariables.open.some(byDefault)) return 'open'
  return loopVariables.closed.some(byDefault) ? 'closed' : 'open'
}

/**
 * Makes a configuration of the environment, or says everything that is wrong with it at once.
 *
 * A value comes from the environment, else from the scenario's defaults, else from the table.
 *
 * @returns the configuration with warnings, or the problems (each with variable, value, what is
 *   accepted). No text in it shows a secret.
 */
export function parseConfig(input: ParseInput): ParseResult {
  const problems: ConfigProblem[] = []
  const names = Object.keys(input.env).filter((name) => filled(input.env[name]))
  const warnings: ConfigWarning[] = input.hints === false ? [] : nearMisses(names)
  const values: Record<string, unknown> = {}
  const given = new Set<VariableName>()
  const texts = new Map<VariableName, Written>()
  const problem: Reading['problem'] = (variable, message, accepted) => {
    const { text, source } = texts.get(variable)!
    problems.push({ variable, value: shown(variable, text), source, message, accepted })
  }
  for (const name of variableNames) {
    const { text, source } = written(input, name)
    texts.set(name, { text, source })
    if (source === 'environment') given.add(name)
    if (text === undefined) continue
    const result = safeParse(entry(name).schema(), text)
    if (result.success) values[name] = result.data
    else problem(name, result.error.issues[0]!.message, entry(name).accepted)
  }
  const fixed = input.shape === undefined ? undefined : FIXED_LOOP[input.shape]
  const loop =
    fixed ??
    loopOf(
      (name) => given.has(name),
      (name) => texts.get(name)!.source === 'scenario default',
    )
  const warn: Reading['warn'] = (variable, message) => warnings.push({ variable, message })
  const reading: Reading = { values, given, loop, shape: input.shape, problem, warn }
  for (const check of checks) check(reading)
  if (problems.length > 0) return { ok: false, problems, warnings }
  return { ok: true, config: assemble(input, values as Values, loop, [...given]), warnings }
}

function assemble(
  input: ParseInput,
  all: Values,
  loop: 'open' | 'closed',
  given: VariableName[],
): Config {
  const { API_KEY, HEADERS, ...v } = all
  const wholeMs = v.TIMEOUT_TOTAL
  const endpoints = v.BASE_URLS ?? [alone(v.BASE_URL)]
  return {
    scenario: input.scenario,
    endpoint: endpoints[0]?.endpoint ?? v.BASE_URL,
    endpoints,
    api: v.API,
    model: v.MODEL,
    apiKey: API_KEY,
    apiKeySecret: v.API_KEY_SECRET,
    headers: HEADERS ?? {},
    load: {
      loop,
      rate: v.RATE,
      peakRate: peakOf(v.PEAK_RATE, v.RATE),
      concurrency: v.CONCURRENCY,
      peakConcurrency: Math.round(peakOf(v.PEAK_CONCURRENCY, v.CONCURRENCY)),
      durationMs: v.DURATION,
      warmupMs: v.WARMUP,
      spikeMs: v.SPIKE_DURATION,
      recoveryMs: v.RECOVERY_DURATION,
      rampMs: v.RAMP_DURATION,
      expectedE2eMs: v.EXPECTED_E2E,
      maxVUs: v.MAX_VUS,
      // Past its own deadline no request is in flight, so k6 has nothing left to interrupt.
      drainMs: v.DRAIN ?? wholeMs + 1000,
      seed: v.SEED,
      arrivals: arrivalsOf(v),
      steps: v.STEPS,
      stepMs: v.STEP_DURATION,
      settleMs: v.STEP_SETTLE,
      cycles: v.CYCLES,
      cycleMs: v.CYCLE_DURATION,
      idleMs: v.IDLE_DURATION,
      coldRequests: v.COLD_REQUESTS,
    },
    inputTokens: v.INPUT_TOKENS,
    outputTokens: v.OUTPUT_TOKENS,
    temperature: v.TEMPERATURE,
    ignoreEos: v.IGNORE_EOS,
    deadlines: {
      connectMs: Math.min(v.TIMEOUT_CONNECT, wholeMs),
      firstTokenMs: Math.min(v.TIMEOUT_FIRST_TOKEN, wholeMs),
      idleMs: Math.min(v.TIMEOUT_IDLE, wholeMs),
      wholeMs,
    },
    slo: serviceLevel(v, written(input, 'SLO_ERROR_RATE').source === 'default'),
    resultsDir: v.RESULTS.toLowerCase() === 'none' ? undefined : v.RESULTS.replace(/(.)\/+$/, '$1'),
    gapSampling: v.GAP_SAMPLING,
    preflight: v.PREFLIGHT,
    values: v,
    given,
  }
}

function alone(endpoint: EndpointConfig): WeightedEndpoint {
  return { endpoint, weight: 1, name: `${endpoint.host}:${endpoint.port}` }
}

function arrivalsOf({ ARRIVALS: kind, BURSTINESS: shape }: Config['values']): Arrivals {
  return kind === 'gamma' ? { kind, shape } : { kind }
}

function serviceLevel(v: Config['values'], errorRateBuiltIn: boolean): Config['slo'] {
  return {
    ttftP95Ms: v.SLO_TTFT_P95,
    ttftP99Ms: v.SLO_TTFT_P99,
    tpotP95Ms: v.SLO_TPOT_P95,
    tpotP99Ms: v.SLO_TPOT_P99,
    itlP95Ms: v.SLO_ITL_P95,
    itlP99Ms: v.SLO_ITL_P99,
    e2eP95Ms: v.SLO_E2E_P95,
    e2eP99Ms: v.SLO_E2E_P99,
    errorRate: v.SLO_ERROR_RATE,
    errorRateBuiltIn,
    goodput: v.SLO_GOODPUT,
  }
}
