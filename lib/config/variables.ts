import type { output } from 'zod/mini'
import type { ZodMiniType } from 'zod/mini'
import { API_NAMES } from './apis.ts'
import { contentVariables } from './content-variables.ts'
import {
  choice,
  duration,
  endpoint,
  flag,
  headers,
  latency,
  lengths,
  metricsUrls,
  numeric,
  peak,
  secret,
  share,
  someOf,
  whole,
  word,
  type Variable,
} from './fields.ts'
import { runVariables } from './run-variables.ts'
import { shapeVariables } from './shape-variables.ts'
import { PEAKED, RATED } from './shapes.ts'

const table = <const T extends Record<string, Variable>>(variables: T): T => variables

const limit = (meaning: string, example: string) =>
  ({ ...latency(), group: 'service level', unit: 'ms', meaning, example }) as const

const upToADay = { min: '0s', max: '24h' }

/**
 * All variables: adding one here is all it takes to read it (`config.values`), check it, warn of
 * near misses of its name and document it.
 */
export const variables = table({
  BASE_URL: {
    ...endpoint(),
    group: 'server',
    default: 'http://localhost:8000/v1',
    meaning: 'Address of the server, with the path before the operation (`/v1`).',
    example: 'https://llm.example.com/v1',
  },
  API: {
    ...choice(...API_NAMES),
    group: 'server',
    default: 'chat',
    meaning: 'Wire format. `chat`: OpenAI chat completions, streamed.',
    example: 'chat',
  },
  API_KEY: {
    ...secret('a key without line breaks'),
    group: 'server',
    meaning: 'Sent as `Authorization: Bearer …`. Never printed, never in results.',
    example: 'sk-…',
    secret: true,
  },
  API_KEY_SECRET: {
    ...word('the name of a secret'),
    group: 'server',
    meaning: 'Name under which a k6 secret source (`--secret-source`) holds the key.',
    example: 'llm-key',
  },
  MODEL: {
    ...word('a model name'),
    group: 'server',
    meaning: 'Model to ask for; without it, the first one that the server lists.',
    example: 'meta-llama/Llama-3.1-8B-Instruct',
  },
  HEADERS: {
    ...headers(),
    group: 'server',
    meaning: 'Extra request headers. Values are treated as secrets.',
    example: 'x-tenant: load-test; x-priority: low',
    secret: true,
  },
  METRICS_URL: {
    ...metricsUrls(),
    group: 'server',
    meaning:
      "The server's own metrics, polled beside the load; without it, `/metrics` of its host.",
    example: 'http://localhost:8000/metrics',
  },
  GPU_METRICS_URL: {
    ...metricsUrls(),
    group: 'server',
    default: 'off',
    meaning: 'Metrics of a DCGM exporter beside the server, polled for GPU use, power and energy.',
    example: 'http://localhost:9400/metrics',
  },

  RATE: {
    ...numeric({ min: 0.001, max: 100_000 }),
    group: 'load',
    default: '2',
    unit: 'requests/s',
    meaning: 'Arrival rate; fractions are exact. Giving it asks for an open loop.',
    example: '0.5',
    shapes: RATED,
  },
  PEAK_RATE: {
    ...peak('RATE', { whole: false }),
    group: 'load',
    default: '4x',
    unit: 'requests/s',
    meaning: 'Arrival rate of the spike, or at the end of the ramp; `4x` is four times RATE.',
    example: '20',
    shapes: PEAKED,
  },
  CONCURRENCY: {
    ...whole({ min: 1, max: 100_000 }),
    group: 'load',
    default: '8',
    unit: 'requests in flight',
    meaning: 'Requests kept in flight. Giving it asks for a closed loop.',
    example: '32',
    shapes: [...RATED, 'batch'],
  },
  PEAK_CONCURRENCY: {
    ...peak('CONCURRENCY', { whole: true }),
    group: 'load',
    default: '4x',
    unit: 'requests in flight',
    meaning: 'Requests in flight in the spike, or at the end of the ramp.',
    example: '128',
    shapes: PEAKED,
  },
  DURATION: {
    ...duration({ min: '1s', max: '168h' }),
    group: 'load',
    default: '1m',
    meaning:
      'Length of the measured load; ramp: of the hold at the peak; spike: of the baseline; cold start: of the load after the first requests.',
    example: '5m',
    shapes: ['steady', 'ramp', 'spike', 'soak', 'cold-start', 'batch', 'failover'],
  },
  WARMUP: {
    ...duration(upToADay),
    group: 'load',
    default: '15s',
    meaning: 'Load before the measurement that enters no figure; `0` for none.',
    example: '1m',
  },
  SPIKE_DURATION: {
    ...duration({ min: '1s', max: '24h' }),
    group: 'load',
    default: '30s',
    meaning: 'Length of the spike.',
    example: '1m',
    shapes: ['spike'],
  },
  RECOVERY_DURATION: {
    ...duration(upToADay),
    group: 'load',
    default: '1m',
    meaning: 'Baseline load after the spike, in which the time to recover is looked for.',
    example: '3m',
    shapes: ['spike'],
  },
  RAMP_DURATION: {
    ...duration({ min: '1s', max: '24h' }),
    group: 'load',
    default: '2m',
    meaning: 'Time in which the load rises from its base to its peak, linearly.',
    example: '10m',
    shapes: ['ramp'],
  },
  EXPECTED_E2E: {
    ...duration({ min: '1ms', max: '24h' }),
    group: 'load',
    default: '10s',
    meaning: 'How long an answer may take under this load; sizes the VUs of an open loop.',
    example: '25s',
  },
  MAX_VUS: {
    ...whole({ min: 1, max: 100_000 }),
    group: 'load',
    unit: 'VUs',
    meaning: 'Most VUs (requests in flight) a phase may have; without it, by EXPECTED_E2E.',
    example: '500',
  },
  DRAIN: {
    ...duration({ min: '0s', max: '24h' }),
    group: 'load',
    meaning: 'Time for answers in flight when load ends; without it, a second over TIMEOUT_TOTAL.',
    example: '2m',
  },
  SEED: {
    ...whole({ min: 0, max: 4_294_967_295 }),
    group: 'load',
    default: '1',
    meaning: 'The same seed gives the same requests, on every machine.',
    example: '42',
  },

  ...shapeVariables,

  INPUT_TOKENS: {
    ...lengths(),
    group: 'requests',
    default: 'lognormal(500,0.6)',
    unit: 'tokens',
    meaning: 'Length of the prompts.',
    example: 'uniform(100,900)',
  },
  OUTPUT_TOKENS: {
    ...lengths(),
    group: 'requests',
    default: 'lognormal(200,0.6)',
    unit: 'tokens',
    meaning: 'Length of the answers asked for.',
    example: '256',
  },
  TEMPERATURE: {
    ...numeric({ min: 0, max: 5 }),
    group: 'requests',
    meaning: "Sampling temperature; without it, the server's own.",
    example: '0',
  },
  IGNORE_EOS: {
    ...choice('auto', 'on', 'off'),
    group: 'requests',
    default: 'auto',
    meaning: 'Generate to the asked length past the end token; `auto`: where the server takes it.',
    example: 'off',
  },
  ...contentVariables,

  TIMEOUT_CONNECT: {
    ...duration({ min: '1ms', max: '1h' }),
    group: 'deadlines',
    default: '10s',
    meaning: 'Longest time to open a connection, TLS included.',
    example: '3s',
  },
  TIMEOUT_FIRST_TOKEN: {
    ...duration({ min: '1ms', max: '24h' }),
    group: 'deadlines',
    default: '1m',
    meaning: 'Longest time from sending to the first token.',
    example: '5m',
  },
  TIMEOUT_IDLE: {
    ...duration({ min: '1ms', max: '24h' }),
    group: 'deadlines',
    default: '30s',
    meaning: 'Longest silence after the first token.',
    example: '10s',
  },
  TIMEOUT_TOTAL: {
    ...duration({ min: '1ms', max: '24h' }),
    group: 'deadlines',
    default: '5m',
    meaning: 'Longest time of a request in all.',
    example: '10m',
  },

  SLO_TTFT_P95: limit('Limit of the 95th percentile of time to first token.', '800'),
  SLO_TTFT_P99: limit('Limit of the 99th percentile of time to first token.', '1500'),
  SLO_TPOT_P95: limit('Limit of the 95th percentile of time per output token.', '50'),
  SLO_TPOT_P99: limit('Limit of the 99th percentile of time per output token.', '80'),
  SLO_ITL_P95: limit('Limit of the 95th percentile of inter-token latency.', '60'),
  SLO_ITL_P99: limit('Limit of the 99th percentile of inter-token latency.', '120'),
  SLO_E2E_P95: limit('Limit of the 95th percentile of end-to-end latency.', '15s'),
  SLO_E2E_P99: limit('Limit of the 99th percentile of end-to-end latency.', '20s'),
  SLO_ERROR_RATE: {
    ...share(),
    group: 'service level',
    default: '0.01',
    meaning: 'Share of requests that may fail.',
    example: '0.1%',
  },
  SLO_GOODPUT: {
    ...share(),
    group: 'service level',
    meaning: 'Share of requests that must meet every latency limit; without it, no verdict.',
    example: '95%',
  },

  RESULTS: {
    ...word('a folder, or none'),
    group: 'results',
    default: 'results',
    meaning: 'Folder for the result files; k6 does not create it. `none` writes nothing.',
    example: 'out/tonight',
  },
  FORMATS: {
    ...someOf('json', 'md', 'csv', 'junit', 'none'),
    group: 'results',
    default: 'json',
    meaning: 'Files that the summary writes into RESULTS.',
    example: 'json,junit',
  },
  RECORDS: {
    ...choice('off', 'on', 'gaps', 'text', 'all'),
    group: 'results',
    default: 'off',
    meaning:
      'A JSON line a request on the console: `gaps` with the gaps between chunks, `text` with answers, `all` with both. Run k6 with `--log-format raw --console-output FILE`.',
    example: 'on',
  },
  GAP_SAMPLING: {
    ...share(),
    group: 'results',
    meaning: 'Share of gaps between chunks kept for ITL; without it, by the length of the run.',
    example: '0.1',
  },

  PREFLIGHT: {
    ...flag(),
    group: 'run',
    default: 'on',
    meaning: 'One streamed request before the load that finds out what the server can do.',
    example: 'off',
  },

  ...runVariables,
})

export type VariableName = keyof typeof variables

type Output<V> = V extends { schema: () => infer S extends ZodMiniType } ? output<S> : never

/** What each variable is read as; undefined where it has no default and none was given. */
export type Values = {
  [N in VariableName]: (typeof variables)[N] extends { default: string }
    ? Output<(typeof variables)[N]>
    : Output<(typeof variables)[N]> | undefined
}

export type { Variable }

export const variableNames = Object.keys(variables) as VariableName[]
