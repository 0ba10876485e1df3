import { latencyLimits, type Slo } from '../metrics/index.ts'
import { peakOf } from './checks.ts'
import type { EndpointConfig } from './readers/endpoint.ts'
import type { WeightedEndpoint } from './readers/lists.ts'
import type { Arrivals, Config, ParseInput } from './types.ts'
import type { Values, VariableName } from './variables/index.ts'

/** Values that passed every check. */
export interface Checked {
  values: Values
  loop: 'open' | 'closed'
  given: readonly VariableName[]
  asGiven: Config['asGiven']
  /** Whether a value is the scenario's own default. */
  byDefault: (name: VariableName) => boolean
}

/** Builds the configuration, which the rest of the project reads, from the checked values. */
export function assemble(input: ParseInput, checked: Checked): Config {
  const { values, loop, given, asGiven, byDefault } = checked
  const { API_KEY, HEADERS, BODY, ...v } = values
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
    body: BODY,
    load: {
      loop,
      rate: v.RATE,
      peakRate: peakOf(v.PEAK_RATE, v.RATE),
      concurrency: v.CONCURRENCY,
      peakConcurrency: Math.round(peakOf(v.PEAK_CONCURRENCY, v.CONCURRENCY)),
      durationMs: v.DURATION,
      warmupMs: v.WARMUP,
      startSpreadMs: v.START_SPREAD,
      spikeMs: v.SPIKE_DURATION,
      recoveryMs: v.RECOVERY_DURATION,
      rampMs: v.RAMP_DURATION,
      expectedE2eMs: v.EXPECTED_E2E,
      maxVUs: v.MAX_VUS,
      // Beyond TIMEOUT_TOTAL no request is in flight, so k6 has nothing left to interrupt.
      drainMs: v.DRAIN ?? wholeMs + 1000,
      seed: v.SEED,
      arrivals: arrivalsOf(v),
      arrivalsSeed: v.ARRIVALS_SEED ?? v.SEED,
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
    grading: { share: v.GRADED_SHARE, graders: v.GRADER },
    cancel: { share: v.CANCEL_SHARE, after: v.CANCEL_AFTER },
    ignoreEos: v.IGNORE_EOS,
    deadlines: {
      connectMs: Math.min(v.TIMEOUT_CONNECT, wholeMs),
      firstTokenMs: Math.min(v.TIMEOUT_FIRST_TOKEN, wholeMs),
      idleMs: Math.min(v.TIMEOUT_IDLE, wholeMs),
      wholeMs,
    },
    slo: serviceLevel(v, !given.includes('SLO_ERROR_RATE') && !byDefault('SLO_ERROR_RATE')),
    bounds: {
      requests: v.MAX_REQUESTS,
      outputTokens: v.MAX_OUTPUT_TOKENS_TOTAL,
      spend: v.MAX_SPEND,
      inputPrice: v.PRICE_INPUT_TOKENS,
      outputPrice: v.PRICE_OUTPUT_TOKENS,
    },
    resultsDir: resultsDir(v.RESULTS, input),
    gapSampling: v.GAP_SAMPLING,
    preflight: v.PREFLIGHT,
    values: v,
    given,
    asGiven,
  }
}

function alone(endpoint: EndpointConfig): WeightedEndpoint {
  return { endpoint, weight: 1, name: `${endpoint.host}:${endpoint.port}` }
}

function arrivalsOf({ ARRIVALS: kind, BURSTINESS: shape }: Config['values']): Arrivals {
  return kind === 'gamma' ? { kind, shape } : { kind }
}

function serviceLevel(v: Config['values'], errorRateBuiltIn: boolean): Slo {
  const limits = latencyLimits().flatMap(({ field, variable }) => {
    const limitMs = v[variable]
    return limitMs === undefined ? [] : [[field, limitMs] as const]
  })
  return {
    ...Object.fromEntries(limits),
    errorRate: v.SLO_ERROR_RATE,
    errorRateBuiltIn,
    goodput: v.SLO_GOODPUT,
    quality: v.SLO_QUALITY,
    validJson: v.SLO_VALID_JSON,
    divergence: v.SLO_DIVERGENCE,
  }
}

/** Undefined where nothing can be written: a missing folder has already been warned of. */
function resultsDir(text: string, { lookAt }: ParseInput): string | undefined {
  if (text.toLowerCase() === 'none' || lookAt?.(text) === 'nothing') return undefined
  return text.replace(/(.)\/+$/, '$1')
}
