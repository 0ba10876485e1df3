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

/** Dashed horizontal lines, each with its name at the right end. @returns where these names are */
export function drawLimits(u: uPlot, limits: readonly Limit[]): Box[] {
  const { left, top, width } = u.bbox
  const taken: Box[] = []
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
      const right = left + width - 4 * devicePixelRatio
      const at = y + (below ? 3 : -2) * devicePixelRatio
      ctx.textBaseline = below ? 'top' : 'bottom'
      ctx.fillText(label, right, at)
      const size = { width: ctx.measureText(label).width, height: NAME_HEIGHT * devicePixelRatio }
      taken.push({ x: right - size.width, y: below ? at : at - size.height, ...size })
    }
  })
  return taken
}

/** The interval of each value, and of each place, that has one: a line from one end to the other. */
export function drawWhiskers(u: uPlot, { x, lines }: Chart): void {
  inside(u, (ctx) => {
    ctx.lineWidth = 1.5 * devicePixelRatio
    ctx.globalAlpha = 0.6
    for (const line of lines) {
      ctx.strokeStyle = style(`--${line.color}`)
      for (const [i, at] of (line.x ?? x).entries()) {
        const value = line.values[i]
        if (typeof value !== 'number') continue
        drawReach(u, ctx, 'y', at, [line.low?.[i], line.high?.[i]])
        drawReach(u, ctx, 'x', value, [line.xLow?.[i], line.xHigh?.[i]])
      }
    }
  })
}

/** A line along an axis, at a place on the other one. */
function drawReach(
  u: uPlot,
  ctx: CanvasRenderingContext2D,
  along: 'x' | 'y',
  at: number,
  [low, high]: readonly [number | null | undefined, number | null | undefined],
): void {
  if (typeof low !== 'number' || typeof high !== 'number') return
  const across = u.valToPos(at, along === 'y' ? 'x' : 'y', true)
  // A logarithmic axis has no 0.
  const from = u.valToPos(Math.max(low, u.scales[along]?.min ?? 0), along, true)
  const to = u.valToPos(high, along, true)
  ctx.beginPath()
  if (along === 'y') {
    ctx.moveTo(across, from)
    ctx.lineTo(across, to)
  } else {
    ctx.moveTo(from, across)
    ctx.lineTo(to, across)
  }
  ctx.stroke()
}

/** Joins the points of the first line in the order of the trail. */
export function drawTrail(u: uPlot, { trail, x, lines: [line] }: Chart): void {
  if (trail === undefined || line === undefined) return
  inside(u, (ctx) => {
    ctx.strokeStyle = style(`--${line.color}`)
    ctx.lineWidth = 1.6 * devicePixelRatio
    ctx.beginPath()
    for (const i of trail) {
      ctx.lineTo(
        u.valToPos(x[i] as number, 'x', true),
        u.valToPos(line.values[i] as number, 'y', true),
      )
    }
    ctx.stroke()
  })
}

/**
 * Writes the names of points beside them, as far as there is room: the legend or the table has all.
 * @param others what is written already
 */
export function drawNames(u: uPlot, { x, lines }: Chart, others: readonly Box[]): void {
  inside(u, (ctx) => {
    ctx.fillStyle = style('--text')
    ctx.textAlign = 'left'
    ctx.textBaseline = 'top'
    const taken = [...others]
    for (const line of lines) {
      for (const [i, name] of (line.names ?? []).entries()) {
        const px = u.valToPos((line.x ?? x)[i] as number, 'x', true)
        const py = u.valToPos(line.values[i] as number, 'y', true)
        const box = freePlace(u, { px, py, width: ctx.measureText(name).width }, taken)
        if (box === undefined) continue
        taken.push(box)
        ctx.fillText(name, box.x, box.y)
      }
    }
  })
}

/** Of a line of text, px. */
const NAME_HEIGHT = 13

/** Where something is written, px of the canvas. */
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
  const [gap, height] = [6 * devicePixelRatio, NAME_HEIGHT * devicePixelRatio]
  const places = [px + gap, px - gap - width].flatMap((x) =>
    [py - height - gap / 2, py + gap / 2].map((y) => ({ x, y, width, height })),
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
