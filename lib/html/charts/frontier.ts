import { headingOf, isCost, pointText } from '../../frontier/index.ts'
import type { AxisInfo, Configuration, Frontier, Measured, Standing } from '../../frontier/index.ts'
import type { Chart, Line, Values } from '../chart.ts'

/** Room around the points, relative to how far they lie apart. */
const MARGIN = 0.15

/** How a point looks, and what the legend says of it. */
const LOOKS: Readonly<
  Record<Exclude<Standing, 'no_value'>, Pick<Line, 'color' | 'kind'> & { word: string }>
> = {
  front: { color: 'good', kind: 'dots', word: '' },
  open: { color: 'asked', kind: 'dots', word: ', behind as measured' },
  dominated: { color: 'asked', kind: 'rings', word: ', dominated' },
  out: { color: 'failed', kind: 'rings', word: ', breaks a limit' },
}

/** A chart for each figure that quality is set against: a point per result, with both of its intervals. */
export function frontierCharts({ quality, against, configurations }: Frontier): Chart[] {
  return against.flatMap((axis) => {
    const points = configurations.flatMap((one) => pointOf(one, axis) ?? [])
    if (points.length === 0) return []
    const ends = (low: keyof Line, values: keyof Line, high: keyof Line) =>
      points.flatMap((line) => [low, values, high].flatMap((end) => line[end] as Values))
    return [
      {
        title: `${upperFirst(quality.title)} against ${isCost(axis) ? 'cost ' : ''}${headingOf(axis)}`,
        unit: `best at the top ${axis.better === 'lower' ? 'left' : 'right'}`,
        x: [],
        xLabel: axis.title,
        xRange: around(ends('xLow', 'x', 'xHigh'), axis.unit === 'share' ? 1 : undefined),
        ...(axis.unit === 'share' ? { xFormat: 'percent' as const } : {}),
        yRange: around(ends('low', 'values', 'high'), 1),
        yFormat: 'percent',
        // A line each: two results may have the same place.
        lines: points,
      },
    ]
  })
}

/** undefined where the result has no value on one of the axes. */
function pointOf({ name, values, standing }: Configuration, axis: AxisInfo): Line | undefined {
  const [quality, at] = [values['quality'] as Measured, values[axis.id] as Measured]
  const stands = standing[axis.id] as Standing
  if (quality.value === null || at.value === null || stands === 'no_value') return undefined
  const { word, ...look } = LOOKS[stands]
  return {
    label: name,
    ...look,
    x: [at.value],
    xLow: [at.low],
    xHigh: [at.high],
    values: [quality.value],
    low: [quality.low],
    high: [quality.high],
    names: [name],
    rest: `${pointText(quality, axis, at)}${word}`,
  }
}

/** A range with room around the values; of what cannot be negative, or more than the whole, only a little beyond. */
function around(values: Values, most = Infinity): [number, number] {
  const known = values.filter((value) => typeof value === 'number')
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const room = (high - low || Math.abs(high) || most) * MARGIN
  const beyond = room / 5
  return [Math.max(low - room, -beyond), Math.min(high + room, most + beyond)]
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
