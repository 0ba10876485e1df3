import type uPlot from 'uplot'
import type { Chart, Limit, PageData } from '../../../lib/html/index.ts'
import { style } from './style.ts'

/** What is drawn on a canvas beside uPlot's own lines, bars and points. */

/** Draws inside the plotting area only. */
function inside(u: uPlot, body: (ctx: CanvasRenderingContext2D) => void): void {
  const { ctx, bbox } = u
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`
  body(ctx)
  ctx.restore()
}

/** Shades phases that are not measured, and writes each phase's name at its start. */
export function shadePhases(u: uPlot, phases: PageData['phases']): void {
  const { top, height } = u.bbox
  inside(u, (ctx) => {
    ctx.textBaseline = 'top'
    for (const { name, startS, endS, measured } of phases) {
      const [from, to] = [u.valToPos(startS, 'x', true), u.valToPos(endS, 'x', true)]
      if (!measured) {
        ctx.fillStyle = style('--shade')
        ctx.fillRect(from, top, to - from, height)
      }
      ctx.fillStyle = style('--line')
      ctx.fillRect(from, top, devicePixelRatio, height)
      ctx.fillStyle = style('--dim')
      const room = to - from - 8 * devicePixelRatio
      if (ctx.measureText(name).width < room)
        ctx.fillText(name, from + 4 * devicePixelRatio, top + 3)
    }
  })
}

/** Vertical lines and stretches, each with its name at the top. */
export function drawMarks(u: uPlot, { marks = [] }: Chart): void {
  const { left, top, width, height } = u.bbox
  inside(u, (ctx) => {
    for (const { at, to, label } of marks) {
      const from = u.valToPos(at, 'x', true)
      ctx.fillStyle = style(to === undefined ? '--mark' : '--shade')
      const wide = to === undefined ? 2 * devicePixelRatio : u.valToPos(to, 'x', true) - from
      ctx.fillRect(from, top, wide, height)
      ctx.fillStyle = style('--dim')
      const text = ctx.measureText(label).width
      const right = from + text + 6 * devicePixelRatio < left + width
      ctx.textBaseline = 'top'
      ctx.textAlign = right ? 'left' : 'right'
      ctx.fillText(label, from + (right ? 5 : -5) * devicePixelRatio, top + 3)
    }
  })
}

/** Dashed horizontal lines, each with its name at the right end. */
export function drawLimits(u: uPlot, limits: readonly Limit[]): void {
  const { left, top, width } = u.bbox
  inside(u, (ctx) => {
    ctx.strokeStyle = style('--bad')
    ctx.fillStyle = style('--bad')
    ctx.lineWidth = devicePixelRatio
    ctx.textAlign = 'right'
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio])
    for (const { value, label } of limits) {
      const y = Math.round(u.valToPos(value, 'y', true))
      ctx.beginPath()
      ctx.moveTo(left, y)
      ctx.lineTo(left + width, y)
      ctx.stroke()
      const below = y - top < 18 * devicePixelRatio
      ctx.textBaseline = below ? 'top' : 'bottom'
      ctx.fillText(
        label,
        left + width - 4 * devicePixelRatio,
        y + (below ? 3 : -2) * devicePixelRatio,
      )
    }
  })
}

/** The interval of each value that has one: a vertical line from one end to the other. */
export function drawWhiskers(u: uPlot, { x, lines }: Chart): void {
  inside(u, (ctx) => {
    ctx.lineWidth = 1.5 * devicePixelRatio
    for (const line of lines) {
      if (line.low === undefined || line.high === undefined) continue
      ctx.strokeStyle = style(`--${line.color}`)
      ctx.globalAlpha = 0.6
      for (const [i, at] of (line.x ?? x).entries()) {
        const [low, high] = [line.low[i], line.high[i]]
        if (typeof low !== 'number' || typeof high !== 'number') continue
        const px = u.valToPos(at, 'x', true)
        // A logarithmic axis has no 0.
        const floor = u.scales['y']?.min ?? 0
        ctx.beginPath()
        ctx.moveTo(px, u.valToPos(Math.max(low, floor), 'y', true))
        ctx.lineTo(px, u.valToPos(high, 'y', true))
        ctx.stroke()
      }
    }
  })
}

/** Joins the points of the first line in the order of the trail, and writes the name of each beside it. */
export function drawTrail(u: uPlot, { trail, x, lines: [line], names }: Chart): void {
  if (trail === undefined || line === undefined) return
  inside(u, (ctx) => {
    const places = trail.map((i) => ({
      px: u.valToPos(x[i] as number, 'x', true),
      py: u.valToPos(line.values[i] as number, 'y', true),
      name: names?.[i] ?? '',
    }))
    ctx.strokeStyle = style(`--${line.color}`)
    ctx.lineWidth = 1.6 * devicePixelRatio
    ctx.beginPath()
    for (const { px, py } of places) ctx.lineTo(px, py)
    ctx.stroke()
    ctx.fillStyle = style('--text')
    const taken: Box[] = []
    for (const { px, py, name } of places) {
      const box = freePlace(u, { px, py, width: ctx.measureText(name).width }, taken)
      if (box === undefined) continue
      taken.push(box)
      ctx.textBaseline = 'top'
      ctx.fillText(name, box.x, box.y)
    }
  })
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Beside a point where no other name is: right above or below it, else left; undefined where there is none. */
function freePlace(
  { bbox }: uPlot,
  { px, py, width }: { px: number; py: number; width: number },
  taken: readonly Box[],
): Box | undefined {
  const [gap, height] = [6 * devicePixelRatio, 13 * devicePixelRatio]
  const places = [px + gap, px - gap - width].flatMap((x) =>
    [py - gap - height / 2, py + gap / 2].map((y) => ({ x, y, width, height })),
  )
  return places.find(
    (box) =>
      box.x >= bbox.left &&
      box.x + box.width <= bbox.left + bbox.width &&
      box.y >= bbox.top &&
      box.y + box.height <= bbox.top + bbox.height &&
      !taken.some(
        (other) =>
          box.x < other.x + other.width &&
          other.x < box.x + box.width &&
          box.y < other.y + other.height &&
          other.y < box.y + box.height,
      ),
  )
}
