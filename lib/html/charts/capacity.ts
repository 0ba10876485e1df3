import type { CapacityResult, Point } from '../../capacity/index.ts'
import { num, percent } from '../../tables/index.ts'
import type { Chart, Line } from '../chart.ts'

/** The good share against load with its target and the capacity, and what the server did at each load. */
export function capacityCharts(result: CapacityResult): Chart[] {
  const { points, unit } = result
  if (points.length === 0) return []
  const loads = points.map(({ load }) => load)
  const x = {
    x: loads,
    xLabel: unit,
    xScale: 'log',
    xRange: [Math.min(...loads) / 1.1, Math.max(...loads) * 1.1],
    xTicks: ticksOf(loads),
  } as const
  const throughput = (label: string, color: Line['color'], of: (point: Point) => number): Line => {
    const values = points.map(of)
    return { label, color, kind: 'points', values, rest: `max ${num(Math.max(...values))}` }
  }
  const byLoad = (title: string, of: string, lines: Line[]): Chart => ({
    title,
    unit: `${of} by ${unit}`,
    ...x,
    lines,
  })
  return [
    {
      ...byLoad('Requests that keep every limit', 'share', shareLines(points)),
      yFormat: 'percent',
      // Room for the name of the capacity above what is drawn.
      yRange: [0, 1.16],
      limits: [{ value: result.target, label: `target ${percent(result.target)}` }],
      marks: marksOf(result),
    },
    byLoad('Throughput', 'requests/s', [
      throughput('served', 'done', (p) => p.servedPerS),
      throughput('good', 'good', (p) => p.goodPerS),
    ]),
  ]
}

/** Points that the fit rests on, and the others: saturated, or with too short a warm-up. */
function shareLines(points: readonly Point[]): Line[] {
  const line = (label: string, color: Line['color'], fits: boolean): Line => {
    const own = points.filter((p) => (p.settled && !p.saturated) === fits)
    return {
      label,
      color,
      kind: 'points',
      x: own.map(({ load }) => load),
      values: own.map(({ goodShare }) => goodShare),
      low: own.map(({ low }) => low),
      high: own.map(({ high }) => high),
      rest: own.length === 1 ? '1 load' : `${own.length} loads`,
    }
  }
  const lines = [
    line('in the fit', 'good', true),
    line('saturated or rough, not in the fit', 'asked', false),
  ]
  return lines.filter(({ values }) => values.length > 0)
}

function marksOf({ capacity, low, high, unit }: CapacityResult): NonNullable<Chart['marks']> {
  const at = capacity !== null && capacity > 0 ? capacity : undefined
  return [
    ...(low !== null && low > 0 && high !== null ? [{ at: low, to: high, label: '' }] : []),
    ...(at === undefined ? [] : [{ at, label: `capacity ${num(at)} ${unit}` }]),
  ]
}

/** Loads that have room for a label: each at least a tenth of the axis from the last. */
function ticksOf(loads: readonly number[]): number[] {
  const apart = (Math.max(...loads) / Math.min(...loads)) ** 0.1
  const named: number[] = []
  for (const load of loads) {
    if (named.every((other) => Math.max(load / other, other / load) >= apart)) named.push(load)
  }
  return named
}
