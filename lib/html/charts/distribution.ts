import type { Detail } from '../../runs/index.ts'
import { count, num } from '../../tables/index.ts'
import type { Chart, Color, Line } from '../chart.ts'

type Metric = Detail['curves'][number]['metric']
type Curve = Detail['curves'][number]

export const NAMES: Readonly<Record<Metric, string>> = { ttft: 'TTFT', tpot: 'TPOT', e2e: 'E2E' }

/** How many requests took how long, on a logarithmic axis: one chart per latency. */
export function histogramCharts(histograms: Detail['histograms']): Chart[] {
  return histograms.map(({ metric, edgesMs, counts }) => {
    // The middle of a bin on the logarithmic axis.
    const x = counts.map((_, i) => Math.sqrt((edgesMs[i] as number) * (edgesMs[i + 1] as number)))
    const range = [edgesMs[0] ?? 1, edgesMs[edgesMs.length - 1] ?? 1] as const
    const all = counts.reduce((sum, n) => sum + n, 0)
    return {
      title: NAMES[metric],
      unit: 'requests by ms',
      x,
      xLabel: 'ms',
      xScale: 'log',
      xRange: range,
      xTicks: roundTicks(...range),
      lines: [{ label: 'requests', color: metric, values: counts, kind: 'bars', rest: count(all) }],
    }
  })
}

/** Latency by percentile, with the tail stretched: x = -log10(1 - share). */
export function curveCharts(curves: Detail['curves']): Chart[] {
  const pairs: readonly (readonly Metric[])[] = [['ttft', 'e2e'], ['tpot']]
  return pairs.flatMap((metrics) => {
    const own = curves.filter(({ metric }) => metrics.includes(metric))
    const title = `${own.map(({ metric }) => NAMES[metric]).join(' and ')} by percentile`
    return own.length === 0
      ? []
      : [
          curveChart(
            title,
            own.map((curve) => curveLine(NAMES[curve.metric], curve.metric, curve)),
          ),
        ]
  })
}

export function curveChart(title: string, lines: readonly Line[]): Chart {
  const x = [...new Set(lines.flatMap((line) => line.x ?? []))].sort((a, b) => a - b)
  const top = Math.max(1, x[x.length - 1] ?? 1)
  const ticks = [0, Math.log10(2), 1, 2, 3, 4, 5].filter((at) => at <= top + 1e-9)
  return {
    title,
    unit: 'ms',
    x: [],
    xLabel: '',
    xFormat: 'percentile',
    xRange: [0, top],
    xTicks: ticks,
    lines,
  }
}

/** A curve as a line at its own places; the largest value has none, as its percentile is 100. */
export function curveLine(label: string, color: Color, { atShare, ms }: Curve): Line {
  const kept = atShare.flatMap((share, i) => (share < 1 ? [[share, ms[i] as number] as const] : []))
  const p95 = ms[atShare.indexOf(0.95)]
  return {
    label,
    color,
    x: kept.map(([share]) => -Math.log10(1 - share)),
    values: kept.map(([, value]) => value),
    ...(p95 === undefined ? {} : { rest: `p95 ${num(p95)}` }),
  }
}

/** Round numbers inside the range: 1-2-5 steps if that gives at least three, else even steps. */
function roundTicks(low: number, high: number): number[] {
  const found: number[] = []
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
    for (const digit of [1, 2, 5]) {
      const value = digit * 10 ** power
      if (value >= low && value <= high) found.push(value)
    }
  }
  if (found.length >= 3)
    return found.length > 6 ? found.filter((v) => v.toExponential().startsWith('1')) : found
  const step = 10 ** Math.floor(Math.log10((high - low) / 2 || low))
  const coarse = [1, 2, 5].map((n) => n * step).find((s) => (high - low) / s <= 6) ?? step * 10
  return Array.from(
    { length: Math.floor(high / coarse) - Math.ceil(low / coarse) + 1 },
    (_, i) => (Math.ceil(low / coarse) + i) * coarse,
  )
}
