import type uPlot from 'uplot'
import type { PageData } from '../../../lib/html/index.ts'
import { draw } from './chart.ts'
import { review } from './reviews.ts'

/**
 * The pages' script: draws the charts, and again when the theme, the width or the medium changes; lets answers be
 * marked.
 */
const data = JSON.parse(document.getElementById('data')?.textContent ?? '{}') as PageData
const root = document.documentElement
const drawn: uPlot[] = []

function drawAll(): void {
  for (const chart of drawn.splice(0)) chart.destroy()
  for (const [place, own] of Object.entries(data.charts)) {
    const parent = document.querySelector<HTMLElement>(`[data-charts="${place}"]`)
    if (parent === null) continue
    parent.replaceChildren()
    for (const chart of own) drawn.push(draw(parent, chart, data.phases))
  }
  root.dataset['charts'] = String(drawn.length)
}

function show(theme: 'light' | 'dark'): void {
  root.dataset['theme'] = theme
  drawAll()
}

function isDark(): boolean {
  const chosen = root.dataset['theme']
  if (chosen !== undefined) return chosen === 'dark'
  return matchMedia('(prefers-color-scheme: dark)').matches
}

let resizing: ReturnType<typeof setTimeout> | undefined
let width = root.clientWidth
addEventListener('resize', () => {
  // A phone changes the height alone while its address bar comes and goes.
  if (root.clientWidth === width) return
  width = root.clientWidth
  clearTimeout(resizing)
  resizing = setTimeout(drawAll, 150)
})
document.getElementById('theme')?.addEventListener('click', () => show(isDark() ? 'light' : 'dark'))
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll)

// Paper is white, whatever the screen shows.
let before: string | undefined
addEventListener('beforeprint', () => {
  before = root.dataset['theme']
  show('light')
})
addEventListener('afterprint', () => {
  if (before === undefined) delete root.dataset['theme']
  else root.dataset['theme'] = before
  drawAll()
})
drawAll()
if (data.reviews !== undefined) review(data.reviews)
