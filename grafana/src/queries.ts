import type { MetricName } from '../../lib/metrics/index.ts'
import { CHOSEN } from './modes.ts'
import type { Mode, Percentile } from './modes.ts'
import { counter, gauge, histogram, inSeconds, trendStat } from './names.ts'

/** Which runs and which part of them: the variables at the top of each dashboard. */
export const RUN = 'testid=~"$testid"'
export const PART = `${RUN},scenario=~"$scenario",phase=~"$phase",app=~"$app",model=~"$model"`
/** Outcomes that a rate of errors is over, and those that count as errors: what the client gave up is neither. */
export const JUDGED_OUTCOMES = 'outcome!~"aborted|cancelled"'
export const FAILED_OUTCOMES = 'outcome!~"aborted|cancelled|completed"'
/** Length of what "now" is, s: a variable of the dashboard and not $__rate_interval, as it divides. */
export const WINDOW = '${window}s'
/**
 * k6 writes a series only when it has new samples, so a plain selector (5 minutes) loses what has
 * been quiet for longer, and `rate` what came between two sparse writes or with a series' first.
 */
export const LONG = '1d'

/** Where figures are read from: which series, how far back, and when. */
export interface Reading {
  /** Label matchers. */
  where?: string
  /** Labels kept. */
  by?: string
  /** Read earlier by the dashboard's variable `shift`, to lay an older run over a newer one. */
  shifted?: boolean
}

const grouped = (by: string | undefined) => (by === undefined ? '' : ` by (${by})`)
const moved = (shifted: boolean | undefined) => (shifted ? ' offset ${shift}ms' : '')
/** The start of the window: `shift_back` is `shift` + `window`, both in ms. */
const atStart = (shifted: boolean | undefined) => `offset ${shifted ? '${shift_back}ms' : WINDOW}`

/** Whether a run is under way: without it counters would draw zeros for a day after its end. */
const underWay = ({ where = RUN, shifted }: Reading) =>
  `k6_vus{${/testid=~?"[^"]*"/.exec(where)?.[0] ?? RUN}}${moved(shifted)}`

/** What a counter's series grew by in the window, exact: series by series, a new one from 0. */
function growth(series: string, { where = PART, by, shifted }: Reading): string {
  const selector = `last_over_time(${series}{${where}}[${LONG}]`
  const now = `${selector}${moved(shifted)})`
  return `sum${grouped(by)} ((${now} - ${selector} ${atStart(shifted)})) or ${now})`
}

/** Growth of a counter per second, while a run is under way. */
export function perSecond(name: MetricName, reading: Reading = {}): string {
  return `(${growth(counter(name), reading)} / $window and on () ${underWay(reading)})`
}

/** Value of a counter at the end of the dashboard's time range, over all its series. */
export function total(name: MetricName, { where = PART, by, shifted }: Reading = {}): string {
  return `sum${grouped(by)} (last_over_time(${counter(name)}{${where}}[$__range]${moved(shifted)}))`
}

/** Latest value of a gauge; `max` unless it adds up over pods. */
export function latest(
  name: MetricName,
  over: 'max' | 'sum' = 'max',
  { where = RUN, by, shifted }: Reading = {},
): string {
  return `${over}${grouped(by)} (last_over_time(${gauge(name)}{${where}}[${WINDOW}]${moved(shifted)}))`
}

/** Requests in flight while a run is under way: what its end cut off would stay for a day. */
export function inFlight(reading: Reading = {}): string {
  return `${held(reading)} and on () ${underWay(reading)}`
}

function held({ where = PART, by, shifted }: Reading): string {
  const selector = `${counter('llm_requests_in_flight')}{${where}}`
  return `sum${grouped(by)} (last_over_time(${selector}[${LONG}]${moved(shifted)}))`
}

/**
 * A native histogram's growth. Prometheus before 3 can neither subtract histograms nor look at the
 * last one in a range, so: new series whole, others by `increase` over a subquery, whose points are
 * dense where the series' own are sparse.
 */
function histogramGrowth(series: string, window: string, step: string, reading: Reading): string {
  const { where = PART, by, shifted } = reading
  const selector = `${series}{${where}}`
  const at = moved(shifted)
  const start =
    window === WINDOW ? atStart(shifted) : `offset ${shifted ? '${shift_range}ms' : window}`
  return `sum${grouped(by)} ((${selector}${at} unless ${selector} ${start}) or increase(${selector}[${window}:${step}]${at}))`
}

const shareOf = (q: Percentile | typeof CHOSEN) => (q === CHOSEN ? '$quantile / 100' : String(q))

/** A percentile of the window (native), or since the start of a series (trend). */
export function percentile(
  mode: Mode,
  name: MetricName,
  q: Percentile | typeof CHOSEN,
  reading: Reading = {},
): string {
  const { where = PART, by, shifted } = reading
  if (mode === 'trend') {
    return `max${grouped(by)} (last_over_time(${trendStat(name, q)}{${where}}[${WINDOW}]${moved(shifted)}))`
  }
  return `histogram_quantile(${shareOf(q)}, ${histogramGrowth(histogram(name), WINDOW, '1s', reading)})`
}

/**
 * A percentile of the whole time range of the dashboard: of the last histogram of each series. Before
 * Prometheus 3 there is none, hence the second way, which is exact until 5 minutes after the last
 * sample of a series and then misses that series' first push.
 */
export function wholePercentile(
  mode: Mode,
  name: MetricName,
  q: Percentile | typeof CHOSEN,
  reading: Reading = {},
): string {
  const { where = PART, by, shifted } = reading
  if (mode === 'trend') {
    return `max${grouped(by)} (last_over_time(${trendStat(name, q)}{${where}}[$__range]${moved(shifted)}))`
  }
  const last = `sum${grouped(by)} (last_over_time(${histogram(name)}{${where}}[$__range]${moved(shifted)}))`
  const before = histogramGrowth(histogram(name), '$__range', '5s', reading)
  const share = shareOf(q)
  return `(histogram_quantile(${share}, ${last}) or histogram_quantile(${share}, ${before}))`
}

/** Mean of the window. k6 divides a time trend's `_count` by 1000, as if it were a time (v2.2.0). */
export function mean(mode: Mode, name: MetricName, reading: Reading = {}): string {
  if (mode === 'trend') {
    const sum = growth(trendStat(name, 'sum'), reading)
    const count = growth(trendStat(name, 'count'), reading)
    return inSeconds(name) ? `${sum} / (1000 * ${count} > 0)` : `${sum} / (${count} > 0)`
  }
  const grew = histogramGrowth(histogram(name), WINDOW, '1s', reading)
  return `histogram_sum(${grew}) / histogram_count(${grew})`
}

/** The histogram itself, for heatmaps. */
export function distribution(name: MetricName, reading: Reading = {}): string {
  return histogramGrowth(histogram(name), WINDOW, '1s', reading)
}

/** Limit of the service level: latencies in s, shares 0-1. Nothing where there is no such limit. */
export function limit(id: string, where = RUN): string {
  const value = `max (last_over_time(${gauge('llm_slo')}{${where},slo="${id}"}[${WINDOW}]))`
  return /_p\d+$/.test(id) ? `${value} / 1000` : value
}

/** Requests that started in the last quarter of a minute, by series. */
export function recentStarts(where: string): string {
  const series = `last_over_time(${counter('llm_requests_started')}{${where}}`
  return `(${series}[${LONG}]) - ${series}[${LONG}] offset 15s)) or ${series}[${LONG}])`
}

/**
 * The largest value of the time range. A subquery looks every `$__interval`, so that windows of all
 * alignments are seen: looking once per window cut a peak in two.
 */
export function highest(expr: string): string {
  return `max_over_time((${expr})[$__range:$__interval])`
}

/** 0 while a run is under way: what a count is when k6 has never written its series. */
export function whileRunning(): string {
  return `0 * max (k6_vus{${RUN}})`
}

/** `limit` for panels of the whole time range, in brackets. */
export function limitOverRange(id: string): string {
  return `(${limit(id).replace(`[${WINDOW}]`, '[$__range]')})`
}

/** VUs that hold a request: k6 counts a VU as in use also while it waits for its next due time. */
export function busyVus(): string {
  return held({ where: RUN })
}

/** Whether the run has any limit on a latency: without one no request is good or not. */
export function limitsOnLatency(where = RUN): string {
  return `count (last_over_time(${gauge('llm_slo')}{${where},slo=~".+_p[0-9]+"}[$__range]))`
}

/** Mean of the whole time range. */
export function wholeMean(mode: Mode, name: MetricName, { where = PART }: Reading = {}): string {
  if (mode === 'trend') {
    const sum = (stat: 'sum' | 'count') =>
      `sum (last_over_time(${trendStat(name, stat)}{${where}}[$__range]))`
    return `${sum('sum')} / (${inSeconds(name) ? '1000 * ' : ''}${sum('count')} > 0)`
  }
  const of = (grew: string) => `histogram_sum(${grew}) / histogram_count(${grew})`
  const last = `sum (last_over_time(${histogram(name)}{${where}}[$__range]))`
  return `(${of(last)} or ${of(histogramGrowth(histogram(name), '$__range', '5s', { where }))})`
}
