import { num, percent } from '../../tables/index.ts'
import type { Closing } from '../../tables/index.ts'
import { clientTexts } from '../figures/client.ts'
import type { Figure, Report, ScopeReport, TrendStats } from '../../results/index.ts'
import { nextStep } from '../verdict.ts'
import { STATUS_MARKS } from './marks.ts'
import { spikeOf, spikeText } from './spike-text.ts'

/**
 * The end of a report on a terminal: the verdict, why, the figures that decide, the client, what to do next, and
 * where the report is.
 * @param where path of the report, or what is known of it; '' where there is none
 */
export function closingOf(report: Report, where = ''): Closing {
  const { verdict, run, client } = report
  const { mark, tone } = STATUS_MARKS[verdict.status]
  const loaded = verdict.status !== 'no_load'
  const isWhy = client.reasons.some((reason) => verdict.reasons.includes(reason))
  return {
    mark,
    tone,
    headline: `${verdict.headline} · ${run.scenario}`,
    rows: [
      ['why', verdict.reasons],
      loaded ? decisive(report) : ['figures', []],
      ['client', loaded && client.status !== 'no_value' && !isWhy ? clientTexts(client) : []],
      ['next', [nextStep(report)]],
      ['report', [where]],
    ],
  }
}

/** Of a spike, what it did; of other loads, what users got. */
function decisive(report: Report): [string, string[]] {
  const spike = spikeOf(report)
  return spike === undefined ? ['figures', usersGot(report)] : ['spike', [spikeText(spike)]]
}

/** `TTFT p50 412 ms, p95 812 ms`, `TPOT p50 11.2 ms`, `493 tokens/s`, `0 % failed`. */
function usersGot({ measured }: Report): string[] {
  const { outputTokensPerS, textsPerS, errorRate } = measured
  const embeds = textsPerS !== null
  return [
    latency(measured, 'TTFT', 'llm_ttft', ['p50', 'p95']),
    latency(measured, 'TPOT', 'llm_tpot', ['p50']),
    embeds ? latency(measured, 'E2E', 'llm_e2e', ['p50', 'p95']) : '',
    rate(embeds ? textsPerS : outputTokensPerS, embeds ? 'texts/s' : 'tokens/s'),
    `${percent(errorRate)} failed`,
  ]
}

function rate(perS: Figure, unit: string): string {
  return perS === null ? '' : `${num(perS)} ${unit}`
}

function latency(
  { metrics }: ScopeReport,
  title: string,
  metric: string,
  stats: readonly ('p50' | 'p95')[],
): string {
  const trend = metrics[metric] as TrendStats | undefined
  const known = stats.filter((stat) => (trend?.[stat] ?? null) !== null)
  if (trend === undefined || known.length === 0) return ''
  return `${title} ${known.map((stat) => `${stat} ${num(trend[stat])} ms`).join(', ')}`
}
