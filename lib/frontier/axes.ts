import { PERCENTILES } from '../report/index.ts'
import type { Report, ScopeReport, TrendStats } from '../results/index.ts'
import type { Run } from '../runs/index.ts'
import { costPerGood, costPerMillion, NO_VALUE } from './costs.ts'
import { LATENCIES } from './latencies.ts'
import type { AxisInfo, Measured, Price } from './types.ts'

/** An axis, and how its value is read from a run. */
export interface Axis extends AxisInfo {
  of(run: Run, given: Given): Measured
}

/** What a run's files do not say. */
interface Given {
  readonly price: Price | undefined
  /** Of the same run. */
  readonly quality: Measured
}

/**
 * The share of answers that pass.
 * @param grader name of a grader; `all`: every grader that judged an answer
 */
export function qualityAxis(grader: string): AxisInfo & { of(report: Report): Measured } {
  return {
    id: 'quality',
    title: grader === 'all' ? 'quality' : `quality by ${grader}`,
    unit: 'share',
    better: 'higher',
    of({ quality }) {
      const own = quality?.scores.find((one) => one.by === 'measured' && one.grader === grader)
      return own === undefined ? NO_VALUE : { value: own.score, low: own.low, high: own.high }
    },
  }
}

/** Everything that quality can be set against. @param currency of all prices */
export function axesOf(currency: string): readonly Axis[] {
  const latencies = LATENCIES.flatMap(({ short, metric, title }) =>
    PERCENTILES.map(([stat]): Axis => {
      const of = ({ report: { measured } }: Run) => {
        const stats = measured.metrics[metric] as TrendStats | undefined
        return within(measured, `${metric}.${stat}`, stats?.[stat] ?? null)
      }
      return { id: `${short}_${stat}`, title: `${title} ${stat}`, unit: 'ms', better: 'lower', of }
    }),
  )
  const scalar = (
    id: string,
    title: string,
    unit: string,
    better: Axis['better'],
    field: 'outputTokensPerS' | 'tokensPerSPerUser' | 'errorRate',
  ): Axis => {
    const of = ({ report: { measured } }: Run) => within(measured, field, measured[field])
    return { id, title, unit, better, of }
  }
  return [
    ...latencies,
    scalar('output_tokens_per_s', 'output', 'tokens/s', 'higher', 'outputTokensPerS'),
    scalar('tokens_per_s_per_user', 'per user', 'tokens/s', 'higher', 'tokensPerSPerUser'),
    scalar('error_share', 'errors', 'share', 'lower', 'errorRate'),
    {
      id: 'cost_per_million',
      title: 'per million output tokens',
      unit: currency,
      better: 'lower',
      of: (run, { price }) => (price === undefined ? NO_VALUE : costPerMillion(run, price)),
    },
    {
      id: 'cost_per_good',
      title: 'per good answer',
      unit: currency,
      better: 'lower',
      of: (run, { price, quality }) =>
        price === undefined ? NO_VALUE : costPerGood(run, price, quality),
    },
  ]
}

/** What quality is set against unless told otherwise. @param priced whether there are prices */
export function defaultAxes(priced: boolean): readonly string[] {
  const speed = ['ttft_p95', 'tpot_p50', 'output_tokens_per_s', 'tokens_per_s_per_user']
  return priced ? [...speed, 'cost_per_million', 'cost_per_good'] : speed
}

function within({ intervals }: ScopeReport, key: string, value: number | null): Measured {
  const { low = null, high = null } = intervals?.[key] ?? {}
  return { value, low, high }
}
