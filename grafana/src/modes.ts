/**
 * How k6 hands Trends to Prometheus. `native`: native histograms, whose percentiles add up over pods
 * and can be cut to a window. `trend`: percentiles as gauges, for stores without native histograms;
 * k6 computes them from the start of a series (a slice of a phase) on.
 */
export type Mode = 'native' | 'trend'

export const MODES: readonly Mode[] = ['native', 'trend']

/** Percentiles that dashboards draw, and that trend mode therefore asks k6 for. */
export const PERCENTILES = [0.5, 0.9, 0.95, 0.99] as const
export type Percentile = (typeof PERCENTILES)[number]

/** A percentile that the dashboard's variable `quantile` chooses. */
export const CHOSEN = 'chosen'

/** `K6_PROMETHEUS_RW_TREND_STATS` of trend mode: what the trend dashboards read, no more. */
export const TREND_STATS = [...PERCENTILES.map((q) => `p(${q * 100})`), 'max', 'count', 'sum']

/** What titles of panels with percentiles say of them. */
export function since(mode: Mode): string {
  return mode === 'native' ? '' : ' (since its start)'
}

/** What descriptions say of percentiles. */
export function resolution(mode: Mode): string {
  return mode === 'native'
    ? 'From native histograms over the last $window seconds, added up over pods and slices: within a ' +
        "bucket's width, 10 %."
    : 'Trend stats: k6 computes each from the start of its series (a slice of a phase, about a ' +
        'twelfth of it) on; of several series the worst is shown, as percentiles do not add up.'
}
