import { stringify } from 'yaml'
import { ENGINES } from '../../lib/server-metrics/index.ts'
import { counter, gauge, histogram } from './names.ts'
import { FAILED_OUTCOMES, JUDGED_OUTCOMES, LONG } from './queries.ts'

export interface Alert {
  name: string
  /** What is watched, and what it is compared with: each has a value also while nothing is wrong. */
  value: string
  comparison: '>' | '<'
  limit: string
  for: string
  severity: 'warning' | 'critical'
  summary: string
  description: string
  /** Needs native histograms: does not fire in trend mode. */
  nativeOnly?: true
}

/** On a cluster runs of several namespaces share a Prometheus; elsewhere the label is empty. */
const LABELS = 'namespace, testid'
const BY = `by (${LABELS})`

/** Growth of a counter over a window, by run: as on the dashboards, series by series, new ones from 0. */
function grown(name: Parameters<typeof counter>[0], window: string, where = ''): string {
  return growth(counter(name), window, where)
}

function growth(counted: string, window: string, where = ''): string {
  const series = `last_over_time(${counted}{${where}}[${LONG}]`
  return `sum ${BY} ((${series}) - ${series} offset ${window})) or ${series}))`
}

const slo = (id: string) => `max ${BY} (last_over_time(${gauge('llm_slo')}{slo="${id}"}[1m]))`
const none = (window: string) => `0 * ${grown('llm_requests', window)}`

const errors = (window: string) =>
  `((${grown('llm_requests', window, FAILED_OUTCOMES)} or ${none(window)}) / (${grown('llm_requests', window, JUDGED_OUTCOMES)} > 0))`
const bad = (window: string) =>
  `(1 - ${grown('llm_requests_good', window)} / (${grown('llm_requests', window, JUDGED_OUTCOMES)} > 0))`

const percentile = (name: Parameters<typeof histogram>[0], q: number) => {
  const series = histogram(name)
  return `histogram_quantile(${q}, sum ${BY} ((${series} unless ${series} offset 1m) or increase(${series}[1m:1s])))`
}
const last = (name: Parameters<typeof counter>[0]) =>
  `sum ${BY} (last_over_time(${counter(name)}[${LONG}]))`

const overLimit = (
  name: 'llm_ttft' | 'llm_tpot' | 'llm_itl' | 'llm_e2e',
  short: string,
  title: string,
): Alert => ({
  name: `LLM${title}OverLimit`,
  value: percentile(name, 0.95),
  comparison: '>',
  limit: `${slo(`${short}_p95`)} / 1000`,
  for: '1m',
  severity: 'warning',
  summary: `${title} p95 of {{ $labels.testid }} is over its limit`,
  description: `p95 of ${name} over the last minute is {{ $value | humanizeDuration }}.`,
  nativeOnly: true,
})

/** Alerts on load tests: for runs on a schedule, and for soak tests that nobody watches. */
export const ALERTS: readonly Alert[] = [
  {
    name: 'LLMErrorRate',
    value: errors('1m'),
    comparison: '>',
    limit: slo('error_rate'),
    for: '30s',
    severity: 'critical',
    summary: 'Error rate of {{ $labels.testid }} is over its limit',
    description:
      '{{ $value | humanizePercentage }} of the requests of the last minute failed (SLO_ERROR_RATE).',
  },
  {
    name: 'LLMSLOBurn',
    value: `${bad('5m')} / (1 - ${slo('goodput')} > 0)`,
    comparison: '>',
    limit: '2',
    for: '1m',
    severity: 'critical',
    summary: '{{ $labels.testid }} misses its SLO',
    description:
      'Over 5 minutes {{ $value | humanize }} times as many requests missed a latency limit as SLO_GOODPUT allows.',
  },
  overLimit('llm_ttft', 'ttft', 'TTFT'),
  overLimit('llm_tpot', 'tpot', 'TPOT'),
  overLimit('llm_itl', 'itl', 'ITL'),
  overLimit('llm_e2e', 'e2e', 'E2E'),
  {
    name: 'LLMClientOutOfVUs',
    value: `${last('llm_requests_in_flight')} / max ${BY} (k6_vus_max > 0) and on (${LABELS}) max ${BY} (last_over_time(${gauge('llm_target_rate')}[1m]))`,
    comparison: '>',
    limit: '0.95',
    for: '15s',
    severity: 'warning',
    summary: 'The client of {{ $labels.testid }} has no virtual user left',
    description:
      '{{ $value | humanizePercentage }} of the VUs hold a request: further ones are dropped or start late, and the figures tell of the client. Raise MAX_VUS or EXPECTED_E2E, or add pods.',
  },
  {
    name: 'LLMClientSlow',
    value: percentile('llm_timer_overshoot', 0.99),
    comparison: '>',
    limit: '0.1',
    for: '15s',
    severity: 'warning',
    summary: 'The client of {{ $labels.testid }} is too slow',
    description:
      'Its timers fire {{ $value | humanizeDuration }} late (p99 of a minute): the figures tell of the client. It needs more CPU, or more pods.',
    nativeOnly: true,
  },
  {
    name: 'LLMIterationsDropped',
    value: `${growth('k6_dropped_iterations_total', '1m')} or 0 * max ${BY} (k6_vus)`,
    comparison: '>',
    limit: '0',
    for: '0s',
    severity: 'warning',
    summary: 'k6 drops requests of {{ $labels.testid }}',
    description:
      'No VU was free for {{ $value | humanize }} requests of the last minute: less load was sent than asked.',
  },
  {
    name: 'LLMServerKVCacheFull',
    value: `max ${BY} (last_over_time(${gauge('llm_server_kv_cache_usage')}[15s]))`,
    comparison: '>',
    limit: '0.95',
    for: '30s',
    severity: 'warning',
    summary: "The server's KV cache is full under {{ $labels.testid }}",
    description:
      'As k6 polls it: {{ $value | humanizePercentage }} in use. Requests wait or are preempted.',
  },
  ...ENGINES.flatMap(({ name, title, figures }): Alert[] => {
    const sources = figures.kvCacheUsage
    if (sources === undefined) return []
    const series = sources.map(({ terms: [term] }) => {
      const labels = Object.entries(term?.labels ?? {}).map(([key, value]) => `${key}="${value}"`)
      return `max by (namespace, job, instance) (${term?.metric}${labels.length > 0 ? `{${labels.join(',')}}` : ''})`
    })
    return [
      {
        name: `KVCacheFull_${name}`,
        value: series.join(' or '),
        comparison: '>',
        limit: '0.95',
        for: '1m',
        severity: 'warning',
        summary: `KV cache of ${title} on {{ $labels.instance }} is full`,
        description: '{{ $value | humanizePercentage }} in use for a minute.',
      },
    ]
  }),
]

export const expressionOf = ({ value, comparison, limit }: Alert) =>
  /^[\d.]+$/.test(limit)
    ? `(${value}) ${comparison} ${limit}`
    : `(${value}) ${comparison} on (${LABELS}) (${limit})`

/** Rule file of Prometheus. */
export function alertRules(): string {
  const rules = ALERTS.map((alert) => ({
    alert: alert.name,
    expr: expressionOf(alert),
    for: alert.for,
    labels: { severity: alert.severity },
    annotations: { summary: alert.summary, description: alert.description },
  }))
  return stringify({ groups: [{ name: 'k6-inference', rules }] }, { lineWidth: 0 })
}
