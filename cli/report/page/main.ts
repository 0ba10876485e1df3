import type uPlot from 'uplot'
import type { ChartData } from '../../../lib/html/index.ts'
import { draw } from './chart.ts'
import { chartsOf } from './charts.ts'

/** The report page's script: draws the charts, and again when the theme or the width changes. */
const data = JSON.parse(document.getElementById('data')?.textContent ?? '{}') as ChartData
const charts = chartsOf(data)
const drawn: uPlot[] = []

function drawAll(): void {
  for (const chart of drawn.splice(0)) chart.destroy()
  for (const [place, own] of Object.entries(charts)) {
    const parent = document.querySelector<HTMLElement>(`[data-charts="${place}"]`)
    if (parent === null) continue
    parent.replaceChildren()
    for (const chart of own) {
      // A line needs two points: with one, the chart would be an empty frame.
      if (chart.x.length > 1 || chart.lines[0]?.kind === 'bars') {
        drawn.push(draw(parent, chart, data.phases))
      }
    }
  }
  document.documentElement.dataset['charts'] = String(drawn.length)
}

function toggleTheme(): void {
  const root = document.documentElement
  const dark =
    root.dataset['theme'] === undefined
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : root.dataset['theme'] === 'dark'
  root.dataset['theme'] = dark ? 'light' : 'dark'
  drawAll()
}

let resizing: ReturnType<typeof setTimeout> | undefined
addEventListener('resize', () => {
  clearTimeout(resizing)
  resizing = setTimeout(drawAll, 150)
})
document.getElementById('theme')?.addEventListener('click', toggleTheme)
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll)
drawAll()
