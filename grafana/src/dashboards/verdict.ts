import type { MetricName } from '../../../lib/metrics/index.ts'
import { formula } from '../layout.ts'
import type { Row } from '../layout.ts'
import { resolution, since } from '../modes.ts'
import type { Mode, Percentile } from '../modes.ts'
import { bars, numbers } from '../panels.ts'
import type { Target } from '../panels.ts'
import {
  FAILED_OUTCOMES,
  highest,
  inFlight,
  JUDGED_OUTCOMES,
  limitsOnLatency,
  limitOverRange,
  PART,
  perSecond,
  total,
  wholePercentile,
} from '../queries.ts'

const MEASURED = `${PART},measured="true"`
const NOT_ABORTED = `${MEASURED},${JUDGED_OUTCOMES}`
const FAILED = `${MEASURED},${FAILED_OUTCOMES}`

/** The run at a glance: counts, shares, and how much of each limit is used. */
export function verdictRow(mode: Mode): Row {
  const share = (part: string) =>
    `((${part}) / on () (${total('llm_requests', { where: NOT_ABORTED })} > 0))`
  const failed = share(
    `${total('llm_requests', { where: FAILED })} or 0 * ${total('llm_requests', { where: MEASURED })}`,
  )
  // k6 writes a zero of good requests for every run: without a limit it says nothing.
  const good = `(${share(total('llm_requests_good', { where: MEASURED }))} and on () ${limitsOnLatency()})`
  return {
    title: 'Verdict',
    panels: [
      numbers({
        title: 'Finished requests',
        description: `${formula('llm_requests')} Of the measured phases, to the end of the time range.`,
        unit: 'short',
        targets: [{ expr: total('llm_requests', { where: MEASURED }), legend: 'requests' }],
      }),
      numbers({
        title: 'Error rate',
        description: `${formula('llm_request_failed')} From the counters, of the measured phases. ${JUDGED}`,
        unit: 'percentunit',
        decimals: 2,
        ...judged(failed, 'error_rate'),
      }),
      numbers({
        title: 'Goodput share',
        description: `${formula('llm_request_good')} From the counters, of the measured phases. ${JUDGED}`,
        unit: 'percentunit',
        decimals: 1,
        ...judged(good, 'goodput', '<'),
        empty: 'no latency limits set',
      }),
      ...(
        [
          ['llm_ttft', 'TTFT p95', 'ttft_p95'],
          ['llm_tpot', 'TPOT p95', 'tpot_p95'],
          ['llm_e2e', 'E2E p95', 'e2e_p95'],
        ] as const
      ).map(([name, title, id]) =>
        numbers({
          title: `${title}${since(mode)}`,
          description: `${formula(name)} Of the measured phases, over the time range. ${JUDGED}\n\n${whole(mode)}`,
          unit: 's',
          ...judged(wholePercentile(mode, name, 0.95, { where: MEASURED }), id),
        }),
      ),
      numbers({
        title: 'Most in flight',
        description: `${formula('llm_requests_in_flight')} The largest value of the time range.`,
        unit: 'short',
        height: 7,
        targets: [{ expr: highest(inFlight()), legend: 'requests' }],
      }),
      numbers({
        title: 'Most output tokens per second',
        description: `${formula('llm_output_tokens')} Growth over $window seconds / $window, the largest value of the time range.`,
        unit: 'short',
        decimals: 0,
        height: 7,
        targets: [{ expr: highest(perSecond('llm_output_tokens')), legend: 'tokens/s' }],
      }),
      bars({
        title: 'Use of each SLO limit',
        description: `The measured figure / its limit (goodput: limit / figure): beyond 100 % the limit is missed. Only limits that the run has. ${whole(mode)}`,
        unit: 'percentunit',
        width: 16,
        height: 7,
        max: 1.5,
        empty: 'no limits set',
        warnAt: 0.8,
        badAt: 1,
        targets: [
          ...latencyLimits(mode),
          { expr: `${failed} / on () ${limitOverRange('error_rate')}`, legend: 'error rate' },
          { expr: `${limitOverRange('goodput')} / on () ${good}`, legend: 'goodput' },
        ],
      }),
    ],
  }
}

const JUDGED =
  "Colored by the run's own limit, as measured: whether chance decided is what the summary says."

/**
 * A figure in the color of its limit, in words too: one of three queries has an answer.
 * @param missed how the figure compares with its limit where it misses it
 */
function judged(expr: string, id: string, missed: '>' | '<' = '>') {
  const limit = limitOverRange(id)
  const kept = missed === '>' ? '<=' : '>='
  return {
    named: true,
    targets: [
      { expr: `${expr} ${kept} on () ${limit}`, legend: 'within its limit' },
      { expr: `${expr} ${missed} on () ${limit}`, legend: 'limit missed' },
      { expr: `${expr} unless on () ${limit}`, legend: 'no limit set' },
    ],
    colors: { 'within its limit': 'green', 'limit missed': 'red' },
  }
}

function whole(mode: Mode): string {
  return mode === 'native'
    ? "Native histograms: within a bucket's width, 10 %. On Prometheus before 3 series that have been quiet for 5 minutes miss their first push; k6's own summary is exact."
    : resolution(mode)
}

function latencyLimits(mode: Mode): Target[] {
  const limits: [MetricName, string, Percentile][] = (
    [
      ['llm_ttft', 'ttft'],
      ['llm_tpot', 'tpot'],
      ['llm_itl', 'itl'],
      ['llm_e2e', 'e2e'],
    ] as const
  ).flatMap(([name, short]) => [
    [name, `${short}_p95`, 0.95],
    [name, `${short}_p99`, 0.99],
  ])
  return limits.map(([name, id, q]) => ({
    expr: `${wholePercentile(mode, name, q, { where: MEASURED })} / on () ${limitOverRange(id)}`,
    legend: id.toUpperCase().replace('_P', ' p'),
  }))
}
