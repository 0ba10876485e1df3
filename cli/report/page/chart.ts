import uPlot from 'uplot'
import type { ChartData } from '../../../lib/html/index.ts'

export type Values = readonly (number | null | undefined)[]

export interface Line {
  label: string
  /** 1-5: one of the page's colours. */
  color: number
  values: Values
  kind?: 'line' | 'steps' | 'bars' | 'dashes' | 'points'
}

export interface Chart {
  title: string
  unit: string
  x: readonly number[]
  lines: Line[]
  /** An SLO limit, drawn as a horizontal line. */
  limit?: number | null
  xLog?: boolean
  /** Range of the x axis; by default that of the data. */
  xRange?: [number, number]
  yLog?: boolean
  /** Time charts share their cursor and show phases. */
  time?: boolean
  xLabel?: string
  xTicks?: { at: number[]; text: (value: number) => string }
}

const HEIGHT = 230

function style(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** Three significant digits: `12.3k`, `350`, `0.05`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e9) return `${trim(value / 1e9)}G`
  if (size >= 1e6) return `${trim(value / 1e6)}M`
  if (size >= 1e4) return `${trim(value / 1e3)}k`
  return trim(value)
}
const trim = (value: number) => String(Number(value.toPrecision(3)))

/** Draws a chart into a new child of `parent`; the returned plot can be destroyed. */
export function draw(parent: HTMLElement, chart: Chart, phases: ChartData['phases']): uPlot {
  const box = document.createElement('div')
  const title = document.createElement('h3')
  title.textContent = `${chart.title} `
  const unit = document.createElement('small')
  unit.textContent = chart.unit
  title.append(unit)
  box.append(title)
  parent.append(box)
  const text = style('--text')
  const axis = { stroke: text, grid: { stroke: style('--line'), width: 1 }, ticks: { show: false } }
  const options: uPlot.Options = {
    width: box.clientWidth || 560,
    height: HEIGHT,
    ...(chart.time ? { cursor: { sync: { key: 'time' } } } : {}),
    scales: {
      x: {
        time: false,
        ...(chart.xLog ? { distr: 3 as const } : {}),
        ...(chart.xRange ? { range: () => chart.xRange as [number, number] } : {}),
      },
      y: {
        ...(chart.yLog ? { distr: 3 as const } : {}),
        range: (_: uPlot, min: number, max: number) => yRange(min, max, chart),
      },
    },
    axes: [
      {
        ...axis,
        size: 34,
        ...(chart.xTicks
          ? {
              splits: () => chart.xTicks?.at ?? [],
              // On a logarithmic axis uPlot would keep only powers of ten.
              filter: (_: uPlot, at: number[]) => at,
              values: (_: uPlot, at: (number | null)[]) =>
                at.map((v) => (v === null ? '' : (chart.xTicks?.text(v) ?? ''))),
            }
          : { values: (_: uPlot, at: (number | null)[]) => at.map(tick) }),
      },
      { ...axis, size: 54, values: (_: uPlot, at: (number | null)[]) => at.map(tick) },
    ],
    series: [
      {
        label: chart.xLabel ?? 's',
        value: (_: uPlot, v: number | null | undefined) =>
          v === null || v === undefined ? '–' : (chart.xTicks?.text(v) ?? shortNumber(v)),
      },
      ...chart.lines.map(seriesOf),
    ],
    hooks: {
      drawClear: chart.time ? [(u: uPlot) => shadePhases(u, phases)] : [],
      draw:
        typeof chart.limit !== 'number' ? [] : [(u: uPlot) => drawLimit(u, chart.limit as number)],
    },
  }
  const data = [chart.x, ...chart.lines.map((line) => line.values)] as uPlot.AlignedData
  return new uPlot(options, data, box)
}

const tick = (value: number | null) => (value === null ? '' : shortNumber(value))

function yRange(min: number, max: number, chart: Chart): [number, number] {
  if (chart.yLog) return [min / 1.2, max * 1.2]
  const top = Math.max(max ?? 0, chart.limit ?? 0)
  return [Math.min(0, min ?? 0), top > 0 ? top * 1.05 : 1]
}

function seriesOf({ label, color, kind = 'line' }: Line): uPlot.Series {
  const stroke = style(`--c${color}`)
  const paths = uPlot.paths
  return {
    label,
    stroke,
    width: kind === 'bars' ? 0 : 1.6,
    spanGaps: true,
    ...(kind === 'bars' ? { fill: stroke } : {}),
    ...(kind === 'bars' && paths.bars ? { paths: paths.bars({ size: [0.92] }) } : {}),
    ...(kind === 'steps' && paths.stepped ? { paths: paths.stepped({ align: 1 }) } : {}),
    ...(kind === 'dashes' ? { dash: [6, 4] } : {}),
    points: { show: kind === 'points', size: 6 },
    value: (_: uPlot, value: number | null | undefined) =>
      value === null || value === undefined ? '–' : shortNumber(value),
  }
}

/** Shades phases that are not measured, and writes each phase's name at its start. */
function shadePhases(u: uPlot, phases: ChartData['phases']): void {
  const { ctx, bbox } = u
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`
  ctx.textBaseline = 'top'
  for (const { name, startS, endS, measured } of phases) {
    const [from, to] = [u.valToPos(startS, 'x', true), u.valToPos(endS, 'x', true)]
    if (!measured) {
      ctx.fillStyle = style('--shade')
      ctx.fillRect(from, bbox.top, to - from, bbox.height)
    }
    ctx.fillStyle = style('--dim')
    if (ctx.measureText(name).width + 8 < to - from) ctx.fillText(name, from + 4, bbox.top + 3)
    ctx.fillRect(from, bbox.top, 1, bbox.height)
  }
  ctx.restore()
}

function drawLimit(u: uPlot, limit: number): void {
  const { ctx, bbox } = u
  const y = Math.round(u.valToPos(limit, 'y', true))
  if (y < bbox.top || y > bbox.top + bbox.height) return
  ctx.save()
  ctx.strokeStyle = style('--bad')
  ctx.setLineDash([4, 4])
  ctx.lineWidth = devicePixelRatio
  ctx.beginPath()
  ctx.moveTo(bbox.left, y)
  ctx.lineTo(bbox.left + bbox.width, y)
  ctx.stroke()
  ctx.restore()
}
