import type { ScopeReport, TrendStats } from '../results/index.ts'

/** Statistics of a request metric in a scope of a report; undefined where it has none. */
export function trendOf({ metrics }: ScopeReport, metric: string): TrendStats | undefined {
  const stats = metrics[metric]
  return stats?.kind === 'trend' ? stats : undefined
}
