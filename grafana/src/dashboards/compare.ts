import type { MetricName } from '../../../lib/metrics/index.ts'
import { formula, page } from '../layout.ts'
import { CHOSEN, resolution, since } from '../modes.ts'
import type { Mode, Percentile } from '../modes.ts'
import { lines, numbers } from '../panels.ts'
import type { Target } from '../panels.ts'
import { gauge } from '../names.ts'
import { inFlight, latest, percentile, perSecond, total, wholePercentile } from '../queries.ts'
import type { Reading } from '../queries.ts'
import {
  datasource,
  labelVariable,
  numberVariable,
  quantileVariable,
  windowVariable,
} from '../variables.ts'

const A: Reading = { where: 'testid="$run_a"' }
const B: Reading = { where: 'testid="$run_b"', shifted: true }
const MEASURED_A: Reading = { ...A, where: `${A.where},measured="true"` }
const MEASURED_B: Reading = { ...B, where: `${B.where},measured="true"` }

/** When a run's load started, epoch seconds: any sample of its load time tells. */
const startOf = (run: string) => {
  const series = `${gauge('llm_load_time')}{testid="$${run}"}`
  return `max (last_over_time((timestamp(${series}) - ${series})[14d:15s]))`
}

const both = (of: (reading: Reading) => string, suffix = ''): Target[] => [
  { expr: of(A), legend: `$run_a${suffix}` },
  { expr: of(B), legend: `$run_b${suffix}` },
]

/** Two runs over each other, the second moved so that both start where the first did. */
export function compare(mode: Mode) {
  return page(mode, {
    uid: 'compare',
    title: 'LLM compare runs',
    description:
      'Two runs laid over each other, aligned at the start of their load: set the time range to run A, run B (of the last 14 days, at least 15 s long) is moved onto it. For a look, not for a verdict: whether a difference is more than chance is what `k6-inference compare` tells.',
    variables: [
      datasource(),
      labelVariable('run_a', 'testid', {
        all: false,
        named: 'Run A',
        description: 'The run that the time range shows',
      }),
      labelVariable('run_b', 'testid', {
        all: false,
        named: 'Run B',
        description: 'The run that is moved onto run A',
      }),
      windowVariable(),
      quantileVariable(),
      // In ms, PromQL adds up as a dashboard cannot, and odd, as PromQL refuses an offset of 0.
      numberVariable(
        'shift',
        `2 * round(500 * (${startOf('run_a')} - on () ${startOf('run_b')})) + 1`,
      ),
      numberVariable('shift_back', 'vector($shift + 1000 * $window)'),
      ...(mode === 'native'
        ? [numberVariable('shift_range', 'vector($shift + 1000 * $__range_s)')]
        : []),
    ],
    phasesOf: 'run_a',
    rows: [
      { title: 'Change from A to B', panels: changes(mode) },
      {
        title: 'Over time',
        panels: [
          latencyPanel(mode, 'llm_ttft', 'TTFT p$quantile'),
          latencyPanel(mode, 'llm_tpot', 'TPOT p$quantile'),
          latencyPanel(mode, 'llm_e2e', 'E2E p$quantile'),
          lines({
            title: 'Output tokens per second',
            description: formula('llm_output_tokens'),
            unit: 'short',
            targets: both((reading) => perSecond('llm_output_tokens', reading)),
          }),
          lines({
            title: 'Requests in flight',
            description: formula('llm_requests_in_flight'),
            unit: 'short',
            targets: both(inFlight),
          }),
          lines({
            title: 'Requests per second',
            description: formula('llm_requests_started', 'llm_requests_good'),
            unit: 'reqps',
            targets: [
              ...both((reading) => perSecond('llm_requests_started', reading), ' started'),
              ...both((reading) => perSecond('llm_requests_good', reading), ' good'),
            ],
          }),
          lines({
            title: 'Waiting on the server',
            description: formula('llm_server_waiting'),
            unit: 'short',
            targets: both((reading) => latest('llm_server_waiting', 'max', reading)),
          }),
          lines({
            title: 'KV-cache use',
            description: formula('llm_server_kv_cache_usage'),
            unit: 'percentunit',
            max: 1,
            targets: both((reading) => latest('llm_server_kv_cache_usage', 'max', reading)),
          }),
        ],
      },
    ],
  })
}

function latencyPanel(mode: Mode, name: MetricName, title: string) {
  return lines({
    title: `${title}${since(mode)}`,
    description: `${formula(name)}\n\n${resolution(mode)}`,
    unit: 's',
    targets: both((reading) => percentile(mode, name, CHOSEN, reading)),
  })
}

/** From this change on the color says better or worse; whether it is chance no color can tell. */
const COLORED = 0.05

function changes(mode: Mode) {
  const change = (
    title: string,
    name: MetricName,
    unit: string,
    of: (reading: Reading) => string,
    better: 'lower' | 'higher',
  ) => {
    const [a, b] = [of(MEASURED_A), of(MEASURED_B)]
    const by = `(${b} / (${a} > 0) - 1)`
    const [up, down] =
      better === 'lower' ? (['red', 'green'] as const) : (['green', 'red'] as const)
    return numbers({
      title,
      description: `${formula(name)}\n\nOf the measured phases over the time range: of A, of B, and B / A - 1. ${better === 'lower' ? 'Less' : 'More'} is better; colored from ${100 * COLORED} % on.`,
      unit,
      decimals: 2,
      width: 8,
      named: true,
      targets: [
        { expr: a, legend: 'A: $run_a' },
        { expr: b, legend: 'B: $run_b' },
        { expr: `${by} >= ${COLORED}`, legend: 'B is higher by' },
        { expr: `${by} <= -${COLORED}`, legend: 'B is lower by' },
        { expr: `(${by} < ${COLORED}) > -${COLORED}`, legend: 'B is about the same' },
      ],
      colors: { '^B is higher': up, '^B is lower': down },
      units: { '^B is': 'percentunit' },
    })
  }
  const at = (name: MetricName, q: Percentile) => (reading: Reading) =>
    wholePercentile(mode, name, q, reading)
  return [
    change('TTFT p50', 'llm_ttft', 's', at('llm_ttft', 0.5), 'lower'),
    change('TTFT p95', 'llm_ttft', 's', at('llm_ttft', 0.95), 'lower'),
    change('TPOT p50', 'llm_tpot', 's', at('llm_tpot', 0.5), 'lower'),
    change('TPOT p95', 'llm_tpot', 's', at('llm_tpot', 0.95), 'lower'),
    change('E2E p95', 'llm_e2e', 's', at('llm_e2e', 0.95), 'lower'),
    change(
      'Output tokens',
      'llm_output_tokens',
      'short',
      (reading) => total('llm_output_tokens', reading),
      'higher',
    ),
  ]
}
