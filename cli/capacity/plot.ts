import type { CapacityResult, Point } from '../../lib/capacity/index.ts'
import { num, percent, xmlText } from '../../lib/tables/index.ts'

const WIDTH = 900
const HEIGHT = 300
const [LEFT, RIGHT, TOP, BOTTOM] = [70, 20, 34, 44]

/** An SVG plot of the good share against load, with the target share and the result. */
export function capacityPlot(result: CapacityResult): string {
  const { points, unit, capacity, low, high, target } = result
  if (points.length === 0) return ''
  const loads = points.map((p) => p.load)
  const [from, to] = [Math.min(...loads) / 1.05, Math.max(...loads) * 1.05]
  const x = (load: number) =>
    LEFT + (Math.log(load / from) / Math.log(to / from)) * (WIDTH - LEFT - RIGHT)
  const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)
  const px = (n: number) => n.toFixed(1)
  const inside = (load: number) => px(Math.min(x(to), Math.max(x(from), x(load))))

  const band =
    low === null || high === null || low <= 0
      ? ''
      : `<rect x="${inside(low)}" width="${px(Math.max(1, Number(inside(high)) - Number(inside(low))))}" y="${TOP}" height="${HEIGHT - TOP - BOTTOM}" fill="#1c7ed6" fill-opacity=".18"/>`
  const at =
    capacity === null || capacity <= 0
      ? ''
      : `<line x1="${inside(capacity)}" x2="${inside(capacity)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="#1c7ed6" stroke-width="2"/>`
  const shares = [0, 0.25, 0.5, 0.75, 1]
  const axis = shares.map(
    (share) =>
      `<text x="${LEFT - 8}" y="${px(y(share) + 4)}" text-anchor="end">${percent(share)}</text><line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y(share))}" y2="${px(y(share))}" stroke="currentColor" stroke-opacity=".15"/>`,
  )
  const ticks = ticksOf(loads, x).map(
    (load) =>
      `<text x="${px(x(load))}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${xmlText(num(load))}</text>`,
  )
  const goal = `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${px(y(target))}" y2="${px(y(target))}" stroke="#d9480f" stroke-dasharray="5 3"/><text x="${LEFT + 4}" y="${px(y(target) + 15)}" fill="#d9480f">target ${percent(target)}</text>`
  const title = `Share of requests that meet every limit, by load (${unit}, logarithmic)`
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${xmlText(title)}" font-size="12" fill="currentColor">
<text x="${LEFT}" y="16" font-weight="600">${xmlText(title)}</text>
${band}${axis.join('')}${ticks.join('')}${goal}${at}
${points.map((p) => dot(p, unit, x(p.load), y)).join('\n')}
<text x="${LEFT}" y="${HEIGHT - 6}">${xmlText(legend(result))}</text>
</svg>`
}

function dot(p: Point, unit: string, x: number, y: (share: number) => number): string {
  const label = `${num(p.load)} ${unit}: ${percent(p.goodShare)} good (${percent(p.low)} to ${percent(p.high)}), ${p.runs.length} runs`
  const bar = `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${y(p.low).toFixed(1)}" y2="${y(p.high).toFixed(1)}" stroke="currentColor" stroke-opacity=".5"/>`
  const fill = p.settled && !p.saturated ? 'currentColor' : 'none'
  return `${bar}<circle cx="${x.toFixed(1)}" cy="${y(p.goodShare).toFixed(1)}" r="4" fill="${fill}" stroke="currentColor"><title>${xmlText(label)}</title></circle>`
}

/** Loads to label on the axis: as many as fit without overlap. */
function ticksOf(loads: readonly number[], x: (load: number) => number): number[] {
  const named: number[] = []
  for (const load of loads) if (named.every((n) => Math.abs(x(n) - x(load)) > 45)) named.push(load)
  return named
}

function legend({ capacity, low, points }: CapacityResult): string {
  const parts = ['dots: measured loads, with their intervals']
  if (points.some((p) => !p.settled || p.saturated))
    parts.push('hollow: saturated or rough, not in the fit')
  if (capacity !== null)
    parts.push(low === null ? 'blue: the capacity' : 'blue: the capacity and its interval')
  return parts.join('; ')
}
