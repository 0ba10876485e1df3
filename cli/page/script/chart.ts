import uPlot from 'uplot'
import type { Chart, Line, PageData } from '../../../lib/html/index.ts'
import { drawLimits, drawMarks, drawNames, drawTrail, drawWhiskers, shadePhases } from './marks.ts'
import { style } from './style.ts'
import { percentText, shortNumber, yText } from './text.ts'

const HEIGHT = 230

/** Draws a chart into a new child of `parent`; the returned plot can be destroyed. */
export function draw(parent: HTMLElement, chart: Chart, phases: PageData['phases']): uPlot {
  const box = document.createElement('figure')
  const title = document.createElement('figcaption')
  const unit = document.createElement('small')
  unit.textContent = chart.unit
  title.append(`${chart.title} `, unit)
  box.append(title)
  parent.append(box)
  const plot = new uPlot(optionsOf(chart, phases, box.clientWidth || 560), dataOf(chart), box)
  forKeyboard(plot, chart)
  return plot
}

/** The lines over one x: those with places of their own are joined to the others. */
function dataOf({ x, lines }: Chart): uPlot.AlignedData {
  if (lines.every((line) => line.x === undefined)) {
    return [x, ...lines.map(({ values }) => values)] as uPlot.AlignedData
  }
  return uPlot.join(
    lines.map((line) => [line.x ?? x, line.values]) as unknown as uPlot.AlignedData[],
  )
}

function optionsOf(chart: Chart, phases: PageData['phases'], width: number): uPlot.Options {
  const { xRange, xTicks, limits = [] } = chart
  const grid = { stroke: style('--line'), width: 1 }
  const axis = { stroke: style('--dim'), grid, ticks: { show: false }, font: FONT }
  return {
    width,
    height: HEIGHT,
    // Room for the last label of the x axis.
    padding: [chart.trail === undefined ? 8 : 16, 14, null, null],
    ...(chart.overTime ? { cursor: { sync: { key: 'time' } } } : {}),
    scales: {
      x: {
        time: false,
        ...(chart.xScale === 'log' ? { distr: 3 as const } : {}),
        ...(xRange ? { range: () => [...xRange] as [number, number] } : {}),
      },
      y: {
        ...(chart.yScale === 'log' ? { distr: 3 as const } : {}),
        range: (_: uPlot, min: number, max: number) => yRange(min, max, chart),
      },
    },
    axes: [
      {
        ...axis,
        size: 30,
        ...(xTicks
          ? {
              splits: () => [...xTicks],
              // On a logarithmic axis uPlot would keep only powers of ten.
              filter: (_: uPlot, at: number[]) => at,
            }
          : {}),
        values: (_: uPlot, at: (number | null)[]) => at.map((v) => xText(chart, v)),
      },
      {
        ...axis,
        size: 52,
        ...(chart.yScale === 'log'
          ? {
              splits: (_: uPlot, _i: number, min: number, max: number) => decades(min, max),
              filter: (_: uPlot, at: number[]) => at,
            }
          : {}),
        values: (_: uPlot, at: (number | null)[]) => at.map((v) => yText(chart, v)),
      },
    ],
    series: [
      { label: chart.xLabel, value: (_: uPlot, v: number | null) => xText(chart, v) },
      ...chart.lines.map((line) => seriesOf(line, chart)),
    ],
    hooks: {
      drawClear: [
        (u: uPlot) => {
          if (chart.overTime) shadePhases(u, phases)
          drawMarks(u, chart)
        },
      ],
      draw: [
        (u: uPlot) => {
          drawWhiskers(u, chart)
          drawTrail(u, chart)
          drawNames(u, chart, drawLimits(u, limits))
        },
      ],
    },
  }
}

const FONT = '12px system-ui, sans-serif'

function xText({ xFormat, names }: Chart, x: number | null | undefined): string {
  if (x === null || x === undefined) return ''
  if (xFormat === 'percentile') return `p${Number(((1 - 10 ** -x) * 100).toFixed(3))}`
  if (xFormat === 'index') return Number.isInteger(x) ? (names?.[x] ?? '') : ''
  return xFormat === 'percent' ? percentText(x) : shortNumber(x)
}

/** Everything drawn is inside: values, the ends of whiskers, limits. */
function yRange(min: number, max: number, chart: Chart): [number, number] {
  if (chart.yRange) return [...chart.yRange]
  const also = [
    ...(chart.limits ?? []).map(({ value }) => value),
    ...chart.lines.flatMap(({ low = [], high = [] }) => [...low, ...high]),
  ].filter((value) => typeof value === 'number')
  const top = Math.max(max ?? 0, ...also)
  if (chart.yScale === 'log') {
    return [Math.min(min, ...also.filter((value) => value > 0)) / 1.4, top * 1.8]
  }
  return [Math.min(0, min ?? 0, ...also), top > 0 ? top * 1.08 : 1]
}

/** Where a logarithmic axis has labels: 1, 2 and 5 times each power of ten, or these alone if many. */
function decades(min: number, max: number): number[] {
  const found: number[] = []
  const last = Math.ceil(Math.log10(max))
  const digits = last - Math.floor(Math.log10(min)) > 3 ? [1] : [1, 2, 5]
  for (let power = Math.floor(Math.log10(min)); power <= last; power++) {
    found.push(...digits.map((digit) => digit * 10 ** power))
  }
  return found.filter((value) => value >= min && value <= max)
}

function seriesOf({ label, color, kind = 'line', rest = '' }: Line, chart: Chart): uPlot.Series {
  const stroke = style(`--${color}`)
  const { paths } = uPlot
  const alone = kind === 'bars' || kind === 'dots' || kind === 'rings' || chart.trail !== undefined
  return {
    label,
    stroke,
    width: alone ? 0 : kind === 'dashes' ? 1.4 : 1.8,
    spanGaps: true,
    ...(kind === 'bars' ? { fill: stroke } : {}),
    ...(kind === 'bars' && paths.bars ? { paths: paths.bars({ size: [0.92] }) } : {}),
    ...(kind === 'steps' && paths.stepped ? { paths: paths.stepped({ align: 1 }) } : {}),
    ...(kind === 'dashes' || kind === 'steps' ? { dash: [6, 4] } : {}),
    points: pointsOf(kind, stroke),
    value: (_: uPlot, value: number | null | undefined) =>
      value === null || value === undefined ? rest : yText(chart, value),
  }
}

function pointsOf(kind: NonNullable<Line['kind']>, stroke: string): uPlot.Series.Points {
  if (kind === 'rings') return { show: true, size: 8, width: 2, stroke, fill: style('--bg') }
  return { show: kind === 'points' || kind === 'dots', size: 7, stroke, fill: stroke }
}

/** What a mouse can point at, arrow keys can: the legend tells the values, and is read aloud. */
function forKeyboard(plot: uPlot, chart: Chart): void {
  const area = plot.root.querySelector<HTMLElement>('.u-wrap')
  const legend = plot.root.querySelector<HTMLElement>('.u-legend')
  if (area === null) return
  area.tabIndex = 0
  area.setAttribute('role', 'img')
  area.setAttribute('aria-label', described(chart))
  const last = plot.data[0].length - 1
  const show = (i: number | undefined) => {
    const x = i === undefined ? undefined : plot.data[0][i]
    if (x === undefined) plot.setCursor({ left: -10, top: -10 })
    else plot.setCursor({ left: plot.valToPos(x, 'x'), top: 0 })
  }
  area.addEventListener('keydown', (event) => {
    const at = plot.cursor.idx ?? -1
    const to = {
      ArrowRight: Math.min(last, at + 1),
      ArrowLeft: Math.max(0, at - 1),
      Home: 0,
      End: last,
    }[event.key]
    if (to === undefined && event.key !== 'Escape') return
    event.preventDefault()
    show(to)
  })
  area.addEventListener('focus', () => legend?.setAttribute('aria-live', 'polite'))
  area.addEventListener('blur', () => {
    legend?.removeAttribute('aria-live')
    show(undefined)
  })
}

/** `TTFT, ms: p95 from 28 to 6,944; limit p95 500`. */
function described(chart: Chart): string {
  const lines = chart.lines.map(({ label, values }) => {
    const known = values.filter((value) => typeof value === 'number')
    if (known.length === 0) return `${label} without values`
    const [low, high] = [Math.min(...known), Math.max(...known)]
    if (known.length === 1) return `${label} ${yText(chart, low)}`
    return `${label} from ${yText(chart, low)} to ${yText(chart, high)}`
  })
  const limits = (chart.limits ?? []).map(({ label, value }) => `${label} ${yText(chart, value)}`)
  return `${chart.title}, ${chart.unit}: ${[...lines, ...limits].join('; ')}. Arrow keys tell single values.`
}
