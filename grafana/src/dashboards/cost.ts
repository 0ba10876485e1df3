import { formula, page } from '../layout.ts'
import { resolution, since } from '../modes.ts'
import type { Mode } from '../modes.ts'
import { lines, numbers } from '../panels.ts'
import {
  highest,
  limitsOnLatency,
  limit,
  PART,
  percentile,
  perSecond,
  RUN,
  total,
} from '../queries.ts'
import { gauge } from '../names.ts'
import { partVariables, textVariable } from '../variables.ts'

const GPU_SECOND = '($gpus * $gpu_hour / 3600)'
const MEASURED = `${PART},measured="true"`
/** Phases that are shorter than the window are averaged with their neighbours. */
const MOST_GOOD = `(${highest(perSecond('llm_requests_good'))} and on () ${limitsOnLatency()})`
const PRICE =
  'Price: GPUs x price per GPU hour / 3600, for each second, whether they are used or not; no other cost.'

/** What tokens cost at this load, and how much more the server could take. */
export function cost(mode: Mode) {
  return page(mode, {
    uid: 'cost',
    title: 'LLM cost and capacity',
    description:
      'Cost of what the run received, from a price of GPU hours, and the highest load that kept the service level. For a search of the limit see `k6-inference capacity`.',
    variables: [
      ...partVariables(),
      textVariable('gpu_hour', 'Price of a GPU hour', '2.50', 'In your currency'),
      textVariable('gpus', 'GPUs', '1', 'GPUs that serve this endpoint'),
      textVariable('peak', 'Peak to serve (requests/s)', '50', 'For the number of replicas'),
    ],
    phasesOf: 'testid',
    rows: [
      {
        title: 'Cost',
        panels: [
          lines({
            title: 'Cost per million output tokens',
            description: `${PRICE} Over the output tokens received per second (llm_output_tokens) in the last $window seconds.`,
            unit: 'short',
            width: 12,
            targets: [
              {
                expr: `1e6 * ${GPU_SECOND} / (${perSecond('llm_output_tokens')} > 0)`,
                legend: 'a million output tokens',
              },
            ],
          }),
          lines({
            title: 'Cost of a thousand requests',
            description: `${PRICE} Over completed requests per second; "good" over those that kept the SLO.`,
            unit: 'short',
            width: 12,
            targets: [
              {
                expr: `1e3 * ${GPU_SECOND} / (${perSecond('llm_requests', { where: `${PART},outcome="completed"` })} > 0)`,
                legend: 'completed',
              },
              {
                expr: `1e3 * ${GPU_SECOND} / (${perSecond('llm_requests_good')} > 0)`,
                legend: 'good',
              },
            ],
          }),
          numbers({
            title: 'A million output tokens, cheapest',
            description: `${PRICE} At the highest token rate of the time range, over windows of $window seconds.`,
            unit: 'short',
            width: 8,
            decimals: 2,
            targets: [
              {
                expr: `1e6 * ${GPU_SECOND} / (${highest(perSecond('llm_output_tokens'))} > 0)`,
                legend: 'a million output tokens',
              },
            ],
          }),
          numbers({
            title: 'Joules per output token',
            description: `${formula('llm_gpu_energy', 'llm_output_tokens')} The first / the second, over the whole run; needs GPU_METRICS_URL.`,
            unit: 'joule',
            width: 8,
            decimals: 2,
            targets: [
              {
                expr: `${total('llm_gpu_energy', { where: RUN })} / (${total('llm_output_tokens', { where: RUN })} > 0)`,
                legend: 'joules per token',
              },
            ],
          }),
          numbers({
            title: 'Output tokens',
            description: `${formula('llm_output_tokens')} Of the measured phases.`,
            unit: 'short',
            width: 8,
            targets: [{ expr: total('llm_output_tokens', { where: MEASURED }), legend: 'tokens' }],
          }),
        ],
      },
      {
        title: 'Capacity',
        panels: [
          lines({
            title: 'Good requests per second against those started',
            description: `${formula('llm_requests_good', 'llm_requests_started')} Where the two part, capacity under this SLO is reached.`,
            unit: 'reqps',
            width: 12,
            targets: [
              { expr: perSecond('llm_requests_started'), legend: 'started' },
              { expr: perSecond('llm_requests_good'), legend: 'good' },
            ],
          }),
          lines({
            title: `TTFT p95${since(mode)} against its limit`,
            description: `${formula('llm_ttft')}\n\n${resolution(mode)}`,
            unit: 's',
            width: 12,
            targets: [
              { expr: percentile(mode, 'llm_ttft', 0.95), legend: 'p95' },
              { expr: limit('ttft_p95'), legend: 'limit p95' },
            ],
          }),
          numbers({
            title: 'Most good requests per second',
            description:
              'Highest rate of requests that kept every latency limit, over any $window seconds of the time range: choose a window no longer than the steps of the load.',
            unit: 'reqps',
            width: 6,
            decimals: 2,
            empty: 'no latency limits set',
            targets: [{ expr: MOST_GOOD, legend: 'good' }],
          }),
          numbers({
            title: 'Servers for the peak',
            description:
              'Peak to serve / most good requests per second, rounded up: servers like the one measured. No head-room for the loss of one.',
            unit: 'short',
            width: 6,
            decimals: 0,
            targets: [
              {
                expr: `ceil($peak / (${MOST_GOOD} > 0))`,
                legend: 'servers',
              },
            ],
          }),
          numbers({
            title: 'Most output tokens per second',
            description: 'Highest rate of output tokens, over windows of $window seconds.',
            unit: 'short',
            width: 6,
            decimals: 0,
            targets: [{ expr: highest(perSecond('llm_output_tokens')), legend: 'tokens/s' }],
          }),
          numbers({
            title: 'Mean use of the highest token rate',
            description:
              'Output tokens per second over the run so far / the highest rate: what a static deployment would pay for and not use.',
            unit: 'percentunit',
            width: 6,
            decimals: 0,
            targets: [
              {
                expr: `(${total('llm_output_tokens', { where: RUN })} / on () (max (last_over_time(${gauge('llm_load_time')}{${RUN}}[$__range])) > 0)) / (${highest(perSecond('llm_output_tokens', { where: RUN }))} > 0)`,
                legend: 'mean use',
              },
            ],
          }),
        ],
      },
    ],
  })
}
