import type { ScopeReport, Stats } from '../results/index.ts'

/** Figures of a scope, besides those of metrics, that have intervals. */
const SCALARS = [
  'errorRate',
  'goodShare',
  'completedPerS',
  'goodPerS',
  'outputTokensPerS',
  'tokensPerSPerUser',
  'cachedShare',
] as const
const STATISTICS = ['avg', 'p50', 'p90', 'p95', 'p99'] as const

/**
 * A scope whose figures are one end of their intervals, so that whatever reads a figure can read its bound: null where
 * there is none. What chance does not move stays.
 */
export function scopeAt(scope: ScopeReport, side: 'low' | 'high'): ScopeReport {
  const bound = (key: string) => scope.intervals?.[key]?.[side] ?? null
  const scalars = Object.fromEntries(SCALARS.map((key) => [key, bound(key)]))
  const metrics = Object.entries(scope.metrics).map(([name, stats]): [string, Stats] => {
    if (stats.kind !== 'trend') return [name, stats]
    const ends = Object.fromEntries(STATISTICS.map((stat) => [stat, bound(`${name}.${stat}`)]))
    return [name, { ...stats, ...ends }]
  })
  return { ...scope, ...scalars, metrics: Object.fromEntries(metrics) }
}
