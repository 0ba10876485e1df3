import type { MetricName } from '../../../lib/metrics/index.ts'
import { formula } from '../layout.ts'
import type { Row } from '../layout.ts'
import { resolution, since } from '../modes.ts'
import type { Mode } from '../modes.ts'
import { lines, numbers } from '../panels.ts'
import { busyVus, PART, percentile, perSecond, RUN, whileRunning } from '../queries.ts'

/** Latencies of the catalogue that this row draws. */
export const CLIENT_TIMES = ['llm_lateness', 'llm_connecting'] as const

/** Whether the figures are the server's, or the client's own. */
export function clientRow(mode: Mode): Row {
  const times = (title: string, advice: string, name: MetricName) =>
    lines({
      title: `${title}${since(mode)}`,
      description: `${formula(name)} ${advice}\n\n${resolution(mode)}`,
      unit: 's',
      targets: ([0.5, 0.95, 0.99] as const).map((q) => ({
        expr: percentile(mode, name, q),
        legend: `p${q * 100}`,
      })),
    })
  const dropped = `sum (last_over_time(k6_dropped_iterations_total{${RUN}}[$__range]))`
  return {
    title: 'Client health',
    panels: [
      times(
        'Start lateness',
        'Beyond some ms the figures tell of the client and not of the server: it needs more CPU, or more VUs (MAX_VUS).',
        'llm_lateness',
      ),
      times('Timers late', 'A busy machine wakes VUs late.', 'llm_timer_overshoot'),
      times(
        'Handlers late',
        'With the socket module of this project reads are stamped before, and latencies do not suffer.',
        'llm_client_delay',
      ),
      lines({
        title: 'Requests that started late, per second',
        description: `${formula('llm_late_requests')}`,
        unit: 'reqps',
        stacked: true,
        targets: [
          {
            expr: `${perSecond('llm_late_requests', { where: PART, by: 'cause' })} or ${whileRunning()}`,
            legend: 'late {{cause}}',
          },
        ],
      }),
      lines({
        title: 'Virtual users',
        description:
          "k6's VUs that hold a request, and those it has started. At the most: k6 drops iterations, or they start late. A closed loop uses all by design.",
        unit: 'short',
        targets: [
          { expr: `${busyVus()} and on () k6_vus{${RUN}}`, legend: 'with a request' },
          { expr: `sum (k6_vus_max{${RUN}})`, legend: 'initialised' },
        ],
      }),
      times(
        'Pauses after failures',
        'A server that fails at once is not hammered: the load is lower than asked while this is high.',
        'llm_client_pause',
      ),
      times('Connecting', 'TLS is inside.', 'llm_connecting'),
      numbers({
        title: 'Dropped iterations',
        description:
          'Requests that k6 did not start as no VU was free, up to the end of the time range; 0 when k6 reports none. The summary shares them out among the phases. Raise MAX_VUS or EXPECTED_E2E.',
        unit: 'short',
        width: 8,
        badAt: 1,
        named: true,
        targets: [
          {
            expr: `${dropped} or 0 * sum (last_over_time(k6_vus{${RUN}}[$__range]))`,
            legend: 'dropped',
          },
        ],
      }),
    ],
  }
}
