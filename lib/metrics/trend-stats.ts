import { QUANTILE_GRID } from '../statistics/index.ts'

/**
 * Percentiles that the summary keeps, ascending, each with its share (0-1) and k6's name for it: what
 * intervals are made of where there are no records.
 */
export const TREND_GRID: readonly { readonly share: number; readonly stat: string }[] =
  QUANTILE_GRID.map((share) => ({ share, stat: statOf(share) }))

/**
 * What `options.summaryTrendStats` must hold. `med` besides `p(50)`: the machine-readable summary
 * (--new-machine-readable-summary) carries med, p(90) and p(95) only.
 */
export const TREND_STATS = ['avg', 'med', 'count', ...TREND_GRID.map(({ stat }) => stat)]

function statOf(share: number): string {
  if (share === 0 || share === 1) return share === 0 ? 'min' : 'max'
  // To a ten-thousandth: 0.9925 * 100 is not quite 99.25.
  return `p(${Math.round(share * 10_000) / 100})`
}
