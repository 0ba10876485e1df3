import type { MetricName } from '../../../lib/metrics/index.ts'
import {
  datasource,
  formula,
  labelVariable,
  numberVariable,
  page,
  windowVariable,
} from '../layout.ts'
import { resolution, since } from '../modes.ts'
import type { Mode, Percentile } from '../modes.ts'
import { lines, numbers } from '../panels.ts'
import type { Target } from '../panels.ts'
import { gauge } from '../names.ts'
import { inFlight, latest, percentile, perSecond, total, wholePercentile } from '../queries.ts'
import type { Reading } from '../queries.ts'

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
      labelVariable('run_a', 'testid', { all: false, named: 'Run A' }),
      labelVariable('run_b', 'testid', { all: false, named: 'Run B' }),
      windowVariable(),
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
          latencyPanel(mode, 'llm_ttft', 'TTFT p95', 0.95),
          latencyPanel(mode, 'llm_tpot', 'TPOT p95', 0.95),
          latencyPanel(mode, 'llm_e2e', 'E2E p95', 0.95),
          lines({
            title: 'Output tokens per second',
            description: formula('llm_output_tokens'),
            unit: 'short',
            targets: both((reading) => perSecond('llm_output_tokens', reading)),
          }),
          lines({
            title: 'Requests in flight',
            description: 'Requests started less requests finished.',
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

function latencyPanel(mode: Mode, name: MetricName, title: string, q: Percentile) {
  return lines({
    title: `${title}${since(mode)}`,
    description: `${formula(name)}\n\n${resolution(mode)}`,
    unit: 's',
    targets: both((reading) => percentile(mode, name, q, reading)),
  })
}

function changes(mode: Mode) {
  const change = (
    title: string,
    name: MetricName,
    of: (reading: Reading) => string,
    extra: { lowerIsBetter: boolean },
  ) =>
    numbers({
      title,
      description: `${formula(name)}\n\nB / A - 1, of the measured phases over the time range. ${extra.lowerIsBetter ? 'Less is better.' : 'More is better.'}`,
      unit: 'percentunit',
      decimals: 1,
      ...(extra.lowerIsBetter ? { badAt: 0.05 } : { badBelow: -0.05 }),
      targets: [{ expr: `${of(MEASURED_B)} / (${of(MEASURED_A)} > 0) - 1`, legend: title }],
    })
  const lower = { lowerIsBetter: true }
  const at = (name: MetricName, q: Percentile) => (reading: Reading) =>
    wholePercentile(mode, name, q, reading)
  return [
    change('TTFT p50', 'llm_ttft', at('llm_ttft', 0.5), lower),
    change('TTFT p95', 'llm_ttft', at('llm_ttft', 0.95), lower),
    change('TPOT p50', 'llm_tpot', at('llm_tpot', 0.5), lower),
    change('TPOT p95', 'llm_tpot', at('llm_tpot', 0.95), lower),
    change('E2E p95', 'llm_e2e', at('llm_e2e', 0.95), lower),
    change('Output tokens', 'llm_output_tokens', (r) => total('llm_output_tokens', r), {
      lowerIsBetter: false,
    }),
  ]
}
