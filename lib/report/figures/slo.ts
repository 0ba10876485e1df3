import { metricDef, parseSelector, sloThresholds } from '../../metrics/index.ts'
import type { LatencyLimit, SloThreshold } from '../../metrics/index.ts'
import { statsOf, trendFigure } from '../summary.ts'
import type { Summary } from '../summary.ts'
import type { Figure, RunInfo, SloVerdict } from '../../results/index.ts'

/**
 * The SLO's verdicts over the measured phases. k6 passes a limit without a sample; here that is
 * `no_value`. Where k6's own verdict is in the summary it counts, as the exit code follows it.
 */
export function sloVerdicts(summary: Summary, run: RunInfo): SloVerdict[] {
  return sloThresholds(run.slo).map((threshold) => {
    const { value, samples } = valueOf(summary, threshold)
    const byK6 = summary.metrics.get(threshold.selector)?.thresholds?.[threshold.expression]
    const kept = byK6 ?? (value !== null && keeps(value, threshold))
    const verdict = value === null ? 'no_value' : kept ? 'kept' : 'missed'
    const { id, selector, expression, limit, direction } = threshold
    return {
      id,
      title: titleOf(threshold),
      selector,
      expression,
      limit,
      unit: unitOf(threshold),
      direction,
      value,
      samples,
      verdict,
    }
  })
}

export function keeps(
  value: number,
  { direction, limit }: Pick<SloThreshold, 'direction' | 'limit'>,
) {
  if (direction === 'at most') return value <= limit
  return direction === 'at least' ? value >= limit : value > limit
}

function valueOf(summary: Summary, threshold: SloThreshold): { value: Figure; samples: Figure } {
  const { metric, tags } = parseSelector(threshold.selector)
  const stats = statsOf(summary, metricDef(metric)?.kind ?? 'counter', metric, tags)
  if (stats.kind === 'trend')
    return {
      value: trendFigure(stats, threshold.stat as LatencyLimit['stat']),
      samples: stats.count,
    }
  if (stats.kind === 'rate') return { value: stats.rate, samples: stats.total }
  return { value: stats.kind === 'counter' ? stats.count : stats.value, samples: null }
}

function titleOf({ id, metric, stat }: SloThreshold): string {
  if (id === 'error_rate') return 'error rate'
  if (id === 'goodput') return 'goodput'
  if (id === 'completed') return 'completed requests'
  return `${metricDef(metric)?.title ?? metric} ${stat === 'avg' ? 'mean' : stat.replace(/[()]/g, '')}`
}

function unitOf({ metric, stat }: SloThreshold): SloVerdict['unit'] {
  if (stat === 'rate') return 'share'
  return metric === 'llm_requests' ? 'requests' : 'ms'
}
