import type { MetricName } from '../../../lib/metrics/index.ts'
import { formula, page } from '../layout.ts'
import type { Row } from '../layout.ts'
import { PERCENTILES, resolution, since } from '../modes.ts'
import type { Mode } from '../modes.ts'
import { heat, lines, rows } from '../panels.ts'
import type { Target } from '../panels.ts'
import {
  distribution,
  FAILED_OUTCOMES,
  inFlight,
  JUDGED_OUTCOMES,
  latest,
  limit,
  PART,
  percentile,
  perSecond,
  total,
  whileRunning,
} from '../queries.ts'
import { CLIENT_TIMES, clientRow } from './client.ts'
import { otherTimesRow } from './other-times.ts'
import { polledRow } from './polled.ts'
import { qualityRow } from './quality.ts'
import { splitRow } from './split.ts'
import { verdictRow } from './verdict.ts'
import { choiceVariable, partVariables, quantileVariable } from '../variables.ts'

const NOT_ABORTED = `${PART},${JUDGED_OUTCOMES}`
const FAILED = `${PART},${FAILED_OUTCOMES}`

/** The times that have a limit, and a panel each at the top. */
const MAIN_TIMES = ['llm_ttft', 'llm_tpot', 'llm_itl', 'llm_e2e'] as const

/** Latencies, throughput and outcomes of one run, as the client saw them. */
export function loadTest(mode: Mode) {
  return page(mode, {
    uid: 'load-test',
    title: 'LLM load test',
    description: 'What the clients of an inference server experience under load, live.',
    variables: [
      ...partVariables(),
      quantileVariable(),
      choiceVariable('by', 'Split by', 'The label of the rows and lines of "Split by"', [
        'phase',
        'scenario',
        'app',
        'model',
        'endpoint',
        'step',
        'turn',
      ]),
    ],
    phasesOf: 'testid',
    rows: [
      verdictRow(mode),
      loadRow(),
      latencyRow(mode),
      ...(mode === 'native' ? [distributionRow()] : []),
      outcomeRow(),
      qualityRow(),
      clientRow(mode),
      otherTimesRow(mode, [...MAIN_TIMES, ...CLIENT_TIMES]),
      splitRow(mode),
      polledRow(),
    ],
  })
}

function percentiles(mode: Mode, name: MetricName, short: string): Target[] {
  return [
    ...PERCENTILES.map((q) => ({ expr: percentile(mode, name, q), legend: `p${q * 100}` })),
    { expr: limit(`${short}_p95`), legend: 'limit p95' },
    { expr: limit(`${short}_p99`), legend: 'limit p99' },
  ]
}

function latencyRow(mode: Mode): Row {
  const panel = (name: MetricName, short: string, title: string) =>
    lines({
      title: `${title}${since(mode)}`,
      description: `${formula(name)} Completed requests only.\n\n${resolution(mode)}`,
      unit: 's',
      width: 12,
      targets: percentiles(mode, name, short),
    })
  return {
    title: 'Latency',
    panels: [
      panel('llm_ttft', 'ttft', 'Time to first token'),
      panel('llm_tpot', 'tpot', 'Time per output token'),
      panel('llm_itl', 'itl', 'Inter-token latency'),
      panel('llm_e2e', 'e2e', 'End-to-end latency'),
    ],
  }
}

function distributionRow(): Row {
  const panel = (name: MetricName, title: string) =>
    heat({
      title: `${title}, distribution`,
      description: `${formula(name)} Each column: requests of the last $window seconds by their time.`,
      unit: 's',
      width: 12,
      targets: [{ expr: distribution(name), legend: '' }],
    })
  return {
    title: 'Distributions',
    folded: true,
    panels: [
      panel('llm_ttft', 'Time to first token'),
      panel('llm_tpot', 'Time per output token'),
      panel('llm_itl', 'Inter-token latency'),
      panel('llm_e2e', 'End-to-end latency'),
    ],
  }
}

function loadRow(): Row {
  return {
    title: 'Load',
    panels: [
      lines({
        title: 'Requests per second',
        description: `${formula('llm_target_rate', 'llm_requests_started', 'llm_requests', 'llm_requests_good')}\n\nGrowth over the last $window seconds / $window. A gap between asked and started is the client's, one between started and finished the server's.`,
        unit: 'reqps',
        targets: [
          { expr: latest('llm_target_rate'), legend: 'asked' },
          { expr: perSecond('llm_requests_started'), legend: 'started' },
          { expr: perSecond('llm_requests'), legend: 'finished' },
          { expr: perSecond('llm_requests_good'), legend: 'good' },
        ],
      }),
      lines({
        title: 'Requests in flight',
        description: `${formula('llm_requests_in_flight', 'llm_target_concurrency')} The latter in a closed loop only.`,
        unit: 'short',
        targets: [
          { expr: latest('llm_target_concurrency'), legend: 'asked' },
          { expr: inFlight(), legend: 'in flight' },
        ],
      }),
      lines({
        title: 'Tokens per second',
        description: `${formula('llm_output_tokens', 'llm_input_tokens', 'llm_cached_tokens')}\n\nGrowth over the last $window seconds / $window. k6 learns of a request's tokens when it ends.`,
        unit: 'short',
        targets: [
          { expr: perSecond('llm_output_tokens'), legend: 'output' },
          { expr: perSecond('llm_input_tokens'), legend: 'input' },
          { expr: perSecond('llm_cached_tokens'), legend: 'input, cached' },
        ],
      }),
    ],
  }
}

function outcomeRow(): Row {
  return {
    title: 'Outcomes',
    panels: [
      lines({
        title: 'Failed requests per second, by reason',
        description: `${formula('llm_requests')} Of those, what did not complete.`,
        unit: 'reqps',
        stacked: true,
        targets: [
          {
            expr: perSecond('llm_requests', { where: FAILED, by: 'outcome, reason' }),
            legend: '{{outcome}} {{reason}}',
          },
        ],
      }),
      lines({
        title: 'Error rate and goodput',
        description:
          'Failed, and good, requests over finished ones of the last $window seconds; what the client itself gave up is left out. Good: keeps every latency limit of the SLO.',
        unit: 'percentunit',
        max: 1,
        targets: [
          {
            expr: `(${perSecond('llm_requests', { where: FAILED })} or ${whileRunning()}) / on () (${perSecond('llm_requests', { where: NOT_ABORTED })} > 0)`,
            legend: 'failed',
          },
          {
            expr: `${perSecond('llm_requests_good')} / on () (${perSecond('llm_requests', { where: NOT_ABORTED })} > 0)`,
            legend: 'good',
          },
          { expr: limit('error_rate'), legend: 'limit of the error rate' },
          { expr: limit('goodput'), legend: 'limit of goodput' },
        ],
      }),
      rows({
        title: 'Finished requests, by reason',
        description: `${formula('llm_requests')} Counted from the start of the run to the end of the time range.`,
        unit: 'short',
        targets: [{ expr: total('llm_requests', { by: 'outcome, reason' }), legend: 'requests' }],
      }),
      rows({
        title: 'Finish reasons',
        description: `${formula('llm_finish_reasons')} Counted from the start of the run to the end of the time range.`,
        unit: 'short',
        targets: [{ expr: total('llm_finish_reasons', { by: 'finish' }), legend: 'requests' }],
      }),
      rows({
        title: 'Odd answers',
        description: `${formula('llm_request_notes')} Counted from the start of the run to the end of the time range.`,
        unit: 'short',
        targets: [{ expr: total('llm_request_notes', { by: 'note' }), legend: 'requests' }],
      }),
    ],
  }
}
