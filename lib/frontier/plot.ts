import { num, percent, xmlText } from '../tables/index.ts'
import { pointText } from './table.ts'
import type { AxisInfo, Configuration, Frontier, Measured, Standing } from './types.ts'

const WIDTH = 900
const HEIGHT = 320
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 30, 34, 48]
/** Room around the points, relative to how far they lie apart. */
const MARGIN = 0.12

/** A picture for each figure that quality is set against, as SVG: a cross of intervals per result. */
export function frontierPlots({ against, configurations }: Frontier): string[] {
  return against.map((axis) => plot(axis, configurations))
}

function plot(axis: AxisInfo, all: readonly Configuration[]): string {
  const title = `Quality against ${axis.title}${axis.unit === 'share' ? '' : `, ${axis.unit}`}`
  const shown = all.flatMap((one) => {
    const [quality, at] = [one.values['quality']!, one.values[axis.id]!]
    return quality.value === null || at.value === null ? [] : [{ one, quality, at }]
  })
  if (shown.length === 0) return `<p>${xmlText(title)}: no result has both</p>`
  const x = scale(
    shown.map(({ at }) => at),
    LEFT,
    WIDTH - RIGHT,
  )
  const y = scale(
    shown.map(({ quality }) => quality),
    HEIGHT - BOTTOM,
    TOP,
  )
  const points = shown.map(({ one, quality, at }) =>
    point(one.name, one.standing[axis.id]!, { quality, at, axis }, x.of, y.of),
  )
  const format = axis.unit === 'share' ? percent : num
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${xmlText(title)}" font-size="12" fill="currentColor">
<text x="${LEFT}" y="16" font-weight="600">${xmlText(title)}</text>
${[y.from, y.to].map((v) => `<text x="${LEFT - 8}" y="${px(y.of(v) + 4)}" text-anchor="end">${xmlText(percent(v))}</text>`).join('')}
${[x.from, x.to].map((v, i) => `<text x="${px(x.of(v))}" y="${HEIGHT - BOTTOM + 20}" text-anchor="${i === 0 ? 'start' : 'end'}">${xmlText(format(v))}</text>`).join('')}
<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}" fill="none" stroke="currentColor" stroke-opacity=".3"/>
${points.join('\n')}
<text x="${LEFT}" y="${HEIGHT - 8}">filled: not dominated; hollow: dominated, dashed where it is not proved; crossed: breaks a limit</text>
</svg>`
}

const px = (n: number) => n.toFixed(1)

/** Places of values between two pixels, with the lowest and the highest end of their intervals. */
function scale(values: readonly Measured[], start: number, end: number) {
  const ends = values.flatMap(({ value, low, high }) => [value!, low ?? value!, high ?? value!])
  const [least, most] = [Math.min(...ends), Math.max(...ends)]
  const room = (most - least || Math.abs(most) || 1) * MARGIN
  const of = (value: number) =>
    start + ((value - (least - room)) / (most - least + 2 * room)) * (end - start)
  return { of, from: least, to: most }
}

function point(
  name: string,
  standing: Standing,
  { quality, at, axis }: { quality: Measured; at: Measured; axis: AxisInfo },
  x: (value: number) => number,
  y: (value: number) => number,
): string {
  const [cx, cy] = [x(at.value!), y(quality.value!)]
  const bar = (x1: number, y1: number, x2: number, y2: number) =>
    `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" stroke="currentColor" stroke-opacity=".4"/>`
  const across = at.low === null || at.high === null ? '' : bar(x(at.low), cy, x(at.high), cy)
  const along =
    quality.low === null || quality.high === null
      ? ''
      : bar(cx, y(quality.low), cx, y(quality.high))
  const out =
    standing === 'out'
      ? `<path d="M${px(cx - 7)} ${px(cy - 7)}l14 14m0 -14l-14 14" stroke="#b3261e" stroke-width="2"/>`
      : ''
  const dash = standing === 'open' ? ' stroke-dasharray="2 2"' : ''
  const label = `${name}: ${pointText(quality, axis, at)}`
  return `${across}${along}<circle cx="${px(cx)}" cy="${px(cy)}" r="5" fill="${standing === 'front' ? 'currentColor' : 'none'}" stroke="currentColor"${dash}><title>${xmlText(label)}</title></circle>${out}<text x="${px(cx + 9)}" y="${px(cy - 7)}">${xmlText(name)}</text>`
}
