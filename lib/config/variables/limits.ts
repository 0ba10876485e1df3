import { latencyLimits, type LatencyLimit, type LimitVariable } from '../../metrics/index.ts'
import { flag, latency, share, type Field, type Variable } from './fields.ts'

type LimitRow = Omit<Variable, 'schema'> & Field<number>

/** Statistics in words, for documentation. */
const WORDS: Readonly<Record<string, string>> = {
  p50: 'median',
  p90: '90th percentile',
  p95: '95th percentile',
  p99: '99th percentile',
  mean: 'mean',
}

const row = ({ title, statistic }: LatencyLimit): LimitRow => ({
  ...latency(),
  group: 'service level',
  unit: 'ms',
  meaning: `Limit of the ${WORDS[statistic]} of ${title}.`,
  example: '800',
})

/** Limits on latencies, generated from the catalogue: five statistics per latency. */
const latencyRows = Object.fromEntries(
  latencyLimits().map((limit) => [limit.variable, row(limit)]),
) as Readonly<Record<LimitVariable, LimitRow>>

/** Variables of the service level. */
export const limitVariables = {
  ...latencyRows,
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
  CONFIDENCE: {
    ...share({ min: 0.5, max: 0.999 }),
    group: 'service level',
    default: '0.95',
    meaning:
      'How often the intervals of figures (±) contain the true value. A limit is kept or missed when the bound of the interval says so, else undecided.',
    example: '99%',
  },
  STRICT: {
    ...flag(),
    group: 'service level',
    default: 'off',
    meaning:
      'A limit that you set fails the run when it is undecided: status `failed`, and exit code 4 of `k6-inference run` and `merge`. The exit code of k6 itself stays that of its thresholds.',
    example: 'on',
  },
  SLO_QUALITY: {
    ...share(),
    group: 'service level',
    meaning: 'Share of graded answers that every grader must pass; needs GRADED_SHARE.',
    example: '90%',
  },
  SLO_VALID_JSON: {
    ...share(),
    group: 'service level',
    meaning:
      'Share of graded answers asked for as JSON that must be valid and fit their schema; needs GRADED_SHARE.',
    example: '99.5%',
  },
  SLO_DIVERGENCE: {
    ...share(),
    group: 'service level',
    meaning:
      'Share of compared answers that may differ from those of the idle server; needs COMPARED_SHARE.',
    example: '0.5%',
  },
} as const satisfies Readonly<Record<string, Variable>>
