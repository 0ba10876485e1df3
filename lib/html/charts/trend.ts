import type { Trend, TrendReport } from '../../compare/index.ts'
import { NONE, num, percent } from '../../tables/index.ts'
import type { Chart } from '../chart.ts'

/** At most this many runs have a name under the axis. */
const NAMED = 3

/** Each figure over the runs, with the interval of each run, and the step where there is one. */
export function trendCharts({ runs, trends }: TrendReport): Chart[] {
  // Without the year, which the title says: there is room for three on a narrow screen.
  const names = runs.map(({ name, startedAt }) => startedAt?.slice(5, 16).replace('T', ' ') ?? name)
  const x = runs.map((_, i) => i)
  const apart = Math.max(1, Math.ceil(runs.length / NAMED))
  return trends
    .filter(({ values }) => values.some((value) => value !== null))
    .map((trend) => ({
      title: trend.title,
      unit: `${trend.unit}, by run`,
      x,
      xLabel: 'run',
      xFormat: 'index',
      xRange: [-0.5, Math.max(0.5, runs.length - 0.5)],
      xTicks: x.filter((i) => i % apart === 0),
      names,
      ...(trend.unit === 'share' ? { yFormat: 'percent' as const } : {}),
      lines: [
        {
          label: trend.title,
          color: 'after',
          kind: 'points',
          values: trend.values,
          low: trend.low,
          high: trend.high,
          rest: `last ${valueText(trend)}`,
        },
      ],
      marks: trend.step === null ? [] : [{ at: trend.step.at - 0.5, label: 'step' }],
    }))
}

function valueText({ values, unit }: Trend): string {
  const last = values.filter((value) => value !== null).pop()
  if (last === undefined) return NONE
  return unit === 'share' ? percent(last) : num(last)
}
