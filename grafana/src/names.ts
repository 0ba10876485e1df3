import { metricDef } from '../../lib/metrics/index.ts'
import type { MetricDef, MetricName } from '../../lib/metrics/index.ts'
import { CHOSEN } from './modes.ts'
import type { Percentile } from './modes.ts'

/**
 * Names that k6's Prometheus output (v2.2.0) gives to metrics: a counter gets `_total`, a gauge
 * nothing, a native histogram of times `_seconds`, a trend's statistics no unit at all.
 */
export function counter(name: MetricName): string {
  return `k6_${of(name, 'counter').name}_total`
}

export function gauge(name: MetricName): string {
  return `k6_${of(name, 'gauge').name}`
}

export function histogram(name: MetricName): string {
  const { unit } = of(name, 'trend')
  return unit === 'ms' ? `k6_${name}_seconds` : `k6_${name}`
}

export type TrendStat = Percentile | typeof CHOSEN | 'max' | 'count' | 'sum'

export function trendStat(name: MetricName, stat: TrendStat): string {
  const ending =
    typeof stat === 'number' ? `p${stat * 100}` : stat === CHOSEN ? 'p${quantile}' : stat
  return `k6_${of(name, 'trend').name}_${ending}`
}

/** Times leave k6 in ms and reach Prometheus in s, so panels of such a metric are in s. */
export function inSeconds(name: MetricName): boolean {
  return metricDef(name)?.unit === 'ms'
}

function of(name: MetricName, kind: MetricDef['kind']): MetricDef {
  const def = metricDef(name)
  if (def?.kind !== kind) throw new Error(`${name} is a ${def?.kind}, not a ${kind}`)
  return def
}
