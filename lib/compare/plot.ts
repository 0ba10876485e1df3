import { num, xmlText } from '../tables/index.ts'
import type { Trend, TrendReport } from './trend.ts'

const WIDTH = 900
const HEIGHT = 180
const LEFT = 80
const BOTTOM = 28

/** Each figure over the runs as an SVG: one dot per run, the step as a line. */
export function trendPlots(report: TrendReport): string[] {
  return report.trends.map((trend) => plot(trend, report.runs))
}

function plot(trend: Trend, runs: TrendReport['runs']): string {
  const known = trend.values.filter((v): v is number => v !== null)
  if (known.length === 0) return `<p>${xmlText(trend.title)}: no value in any run</p>`
  const most = Math.max(...known)
  const least = Math.min(0, ...known)
  const x = (i: number) =>
    LEFT + ((i + 0.5) / Math.max(1, trend.values.length)) * (WIDTH - LEFT - 10)
  const y = (v: number) =>
    HEIGHT - BOTTOM - ((v - least) / (most - least || 1)) * (HEIGHT - BOTTOM - 30)
  const dots = trend.values.map((v, i) => {
    if (v === null) return ''
    const label = `${runs[i]?.name ?? ''}: ${num(v)} ${trend.unit}`
    return `<circle cx="${x(i).toFixed(1)}" cy="${y(v).toFixed(1)}" r="3" fill="currentColor"><title>${xmlText(label)}</title></circle>`
  })
  let pen = 'M'
  const path = trend.values.map((v, i) => {
    // A run without a value interrupts the line: nothing is drawn that was not measured.
    if (v === null) {
      pen = 'M'
      return ''
    }
    const to = `${pen}${x(i).toFixed(1)} ${y(v).toFixed(1)}`
    pen = 'L'
    return to
  })
  const axis = [least, most].map(
    (v) =>
      `<text x="${LEFT - 8}" y="${(y(v) + 4).toFixed(1)}" text-anchor="end">${xmlText(num(v))}</text><line x1="${LEFT}" x2="${WIDTH - 10}" y1="${y(v).toFixed(1)}" y2="${y(v).toFixed(1)}" stroke="currentColor" stroke-opacity=".2"/>`,
  )
  const stepX = trend.step === null ? 0 : (x(trend.step.at) + x(trend.step.at - 1)) / 2
  const step =
    trend.step === null
      ? ''
      : `<line x1="${stepX.toFixed(1)}" x2="${stepX.toFixed(1)}" y1="24" y2="${HEIGHT - BOTTOM}" stroke="#d9480f" stroke-dasharray="4 3"/>`
  const end = (i: number, anchor: string) =>
    `<text x="${x(i).toFixed(1)}" y="${HEIGHT - 8}" text-anchor="${anchor}">${xmlText(runs[i]?.startedAt?.slice(0, 10) ?? runs[i]?.name ?? '')}</text>`
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${xmlText(trend.title)} over the runs" font-size="12" fill="currentColor">
<text x="${LEFT}" y="16" font-weight="600">${xmlText(`${trend.title}, ${trend.unit}`)}</text>
${axis.join('')}<path d="${path.join('')}" fill="none" stroke="currentColor" stroke-opacity=".5"/>
${dots.join('')}${step}${end(0, 'start')}${runs.length > 1 ? end(runs.length - 1, 'end') : ''}
</svg>`
}
