import type { Report } from '../../results/index.ts'
import type { Detail } from '../../runs/index.ts'
import { num, plain } from '../../tables/index.ts'
import { largest } from '../chart.ts'
import type { Chart, Color, Limit, Line, Values } from '../chart.ts'

type Series = Detail['series']
type Metric = 'ttft' | 'tpot' | 'e2e'

/** The run over time: in whole seconds from its records, else by slices from its results. */
export function timeCharts(report: Report, detail: Detail | undefined): Chart[] {
  return detail === undefined ? sliceCharts(report) : seriesCharts(report, detail)
}

/** Limits on percentiles of a latency, as lines of its charts. */
export function limitsOf({ slo }: Report, metric: Metric): Limit[] {
  return slo
    .filter(({ id }) => id.startsWith(`${metric}_p`))
    .map(({ id, limit }) => ({ value: limit, label: `limit ${id.slice(metric.length + 1)}` }))
}

/** A line whose legend tells its maximum. */
export function timeLine(label: string, color: Color, values: Values, kind?: Line['kind']): Line {
  const most = largest(values)
  return {
    label,
    color,
    values,
    ...(kind === undefined ? {} : { kind }),
    ...(most === undefined ? {} : { rest: `max ${most === 0 ? plain(most) : num(most)}` }),
  }
}

/** Where a bucket's figure is drawn, s: at its middle, so that it lines up with the server's points. */
export function middlesOf({ atS, bucketMs }: Series): number[] {
  return atS.map((start) => start + bucketMs / 2000)
}

/** The end of the last bucket, s. */
export function endOf({ atS, bucketMs }: Series): number {
  return (atS[atS.length - 1] ?? 0) + bucketMs / 1000
}

function seriesCharts(report: Report, { series, server }: Detail): Chart[] {
  const x = middlesOf(series)
  const end = endOf(series)
  const chart = (title: string, unit: string, lines: Line[], limits: Limit[] = []): Chart => ({
    title,
    unit,
    x,
    xLabel: 's',
    xRange: [0, end],
    lines,
    limits,
    overTime: true,
  })
  const latency = (title: string, metric: Metric, p50: Values, p95: Values) =>
    chart(title, 'ms, by due time', percentileLines(metric, p50, p95), limitsOf(report, metric))
  const polled = (name: string, label: string, color: Color, kind?: Line['kind']) => {
    const values = server.values[name]
    // One poll draws no line.
    if (values === undefined || server.atS.length < 2) return []
    return [{ ...timeLine(label, color, values, kind), x: server.atS }]
  }
  const share = (lines: Line[]): Line[] =>
    lines.map((line) => ({ ...line, rest: `max ${num(100 * (largest(line.values) ?? 0))} %` }))
  const used = share([
    ...polled('llm_server_kv_cache_usage', 'KV cache in use', 'cache'),
    ...polled('llm_gpu_utilisation', 'GPU busy', 'gpu'),
  ])
  const preempted = () =>
    chart(
      'Preemptions',
      'since the previous poll',
      polled('llm_server_preemptions', 'preemptions', 'failed'),
    )
  const charts = [
    chart('Rate', 'requests/s', rateLines(report, series)),
    chart('In flight', 'requests', [
      ...(report.load.loop === 'open' ? [] : [asked(series)]),
      timeLine('in flight', 'sent', series.inFlight),
      ...polled('llm_server_running', 'running on the server', 'done', 'dashes'),
      ...polled('llm_server_waiting', 'waiting on the server', 'waiting', 'dashes'),
    ]),
    latency('TTFT', 'ttft', series.ttftP50, series.ttftP95),
    latency('TPOT', 'tpot', series.tpotP50, series.tpotP95),
    latency('E2E', 'e2e', series.e2eP50, series.e2eP95),
    chart('Output', 'tokens/s received', [timeLine('tokens/s', 'tokens', series.tokensPerS)]),
    { ...chart('KV cache and GPU', 'share of the whole', used), ...PERCENT },
    chart('GPU power', 'W', polled('llm_gpu_power', 'power', 'gpu')),
    chart('GPU memory', 'bytes', polled('llm_gpu_memory_used', 'in use', 'cache')),
    ...(largest(server.values['llm_server_preemptions'] ?? []) ? [preempted()] : []),
  ]
  return charts.filter(({ lines }) => lines.some(({ values }) => largest(values) !== undefined))
}

const PERCENT = { yFormat: 'percent', yRange: [0, 1] } as const

function rateLines({ load }: Report, series: Series): Line[] {
  const failed = series.failedPerS.some((value) => (value ?? 0) > 0)
  return [
    // Conversations are asked for, and their requests are sent: no common axis.
    ...(load.loop === 'open' && load.unit === 'requests/s' ? [asked(series)] : []),
    timeLine('sent', 'sent', series.startedPerS),
    timeLine('completed', 'done', series.completedPerS),
    ...(failed ? [timeLine('failed', 'failed', series.failedPerS)] : []),
  ]
}

function asked(series: Series): Line {
  return timeLine('asked', 'asked', series.asked, 'steps')
}

function percentileLines(metric: Metric, p50: Values, p95: Values): Line[] {
  return [timeLine('p50', metric, p50, 'dashes'), timeLine('p95', metric, p95)]
}

function sliceCharts(report: Report): Chart[] {
  const { slices } = report
  if (slices.length < 2) return []
  const perS = (of: 'started' | 'completed') =>
    slices.map((slice) => {
      const value = slice[of]
      return value === null ? null : (value * 1000) / (slice.endMs - slice.startMs)
    })
  const chart = (title: string, unit: string, lines: Line[], limits: Limit[] = []): Chart => ({
    title,
    unit: `${unit}, by slice`,
    x: slices.map((slice) => slice.startMs / 1000),
    xLabel: 's',
    lines,
    limits,
    overTime: true,
  })
  const latency = (title: string, metric: 'ttft' | 'tpot') =>
    chart(
      title,
      'ms',
      percentileLines(
        metric,
        slices.map((slice) => slice[metric].p50),
        slices.map((slice) => slice[metric].p95),
      ),
      limitsOf(report, metric),
    )
  return [
    chart('Rate', 'requests/s', [
      timeLine('sent', 'sent', perS('started'), 'steps'),
      timeLine('completed', 'done', perS('completed'), 'steps'),
    ]),
    latency('TTFT', 'ttft'),
    latency('TPOT', 'tpot'),
  ]
}
