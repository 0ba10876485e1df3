import type { MetricName } from '../../../lib/metrics/index.ts'
import { formula } from '../layout.ts'
import type { Row } from '../layout.ts'
import { resolution, since } from '../modes.ts'
import type { Mode, Percentile } from '../modes.ts'
import { bars, numbers } from '../panels.ts'
import type { Target } from '../panels.ts'
import { limitOverRange, PART, total, wholePercentile } from '../queries.ts'

const MEASURED = `${PART},measured="true"`
const NOT_ABORTED = `${MEASURED},outcome!~"aborted|cancelled"`
const FAILED = `${MEASURED},outcome!~"aborted|cancelled|completed"`

/** The run at a glance: counts, shares, and how much of each limit is used. */
export function verdictRow(mode: Mode): Row {
  const share = (part: string) =>
    `((${part}) / on () (${total('llm_requests', { where: NOT_ABORTED })} > 0))`
  const failed = share(
    `${total('llm_requests', { where: FAILED })} or 0 * ${total('llm_requests', { where: MEASURED })}`,
  )
  const good = share(total('llm_requests_good', { where: MEASURED }))
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
        description: `${formula('llm_request_failed')} From the counters, of the measured phases.`,
        unit: 'percentunit',
        decimals: 2,
        badAt: 0.01,
        targets: [{ expr: failed, legend: 'error rate' }],
      }),
      numbers({
        title: 'Goodput share',
        description: `${formula('llm_request_good')} From the counters, of the measured phases.`,
        unit: 'percentunit',
        decimals: 1,
        badBelow: 0.95,
        targets: [{ expr: good, legend: 'good' }],
      }),
      ...(
        [
          ['llm_ttft', 'TTFT p95'],
          ['llm_tpot', 'TPOT p95'],
          ['llm_e2e', 'E2E p95'],
        ] as const
      ).map(([name, title]) =>
        numbers({
          title: `${title}${since(mode)}`,
          description: `${formula(name)} Of the measured phases, over the time range.\n\n${whole(mode)}`,
          unit: 's',
          targets: [
            { expr: wholePercentile(mode, name, 0.95, { where: MEASURED }), legend: title },
          ],
        }),
      ),
      bars({
        title: 'Use of each SLO limit',
        description: `The measured figure / its limit (goodput: limit / figure): beyond 100 % the limit is missed. Only limits that the run has. ${whole(mode)}`,
        unit: 'percentunit',
        width: 24,
        height: 7,
        max: 1.5,
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
