import type { Comparison } from '../compare/index.ts'
import { changeText, intervalText } from '../compare/index.ts'
import { html } from '../tables/index.ts'

type Change = Comparison['figures'][number]

/** Shown at the most, either way: what lies beyond ends at the edge. */
const MOST = 1

/**
 * Every change with its interval around the middle, which is no change, on one scale: relative, or in the
 * figure's own unit for shares. What is smaller than the smallest change that matters is shaded.
 */
export function changesHtml({ figures, minEffect, minShareEffect }: Comparison): string {
  const known = figures.filter(({ change }) => change !== null)
  if (known.length === 0) return ''
  const ends = known.flatMap(({ low, high, change }) => [low ?? 0, high ?? 0, change ?? 0])
  const scale = Math.min(MOST, Math.max(0.1, ...ends.map(Math.abs)) * 1.1)
  const at = (value: number) => 50 + 50 * Math.max(-1, Math.min(1, value / scale))
  const stretch = (name: string, from: number, to: number) =>
    `<span class="${name}" style="left:${at(from).toFixed(2)}%;width:${(at(to) - at(from)).toFixed(2)}%"></span>`
  const rows = known.map((figure) => {
    const { title, low, high, change } = figure
    const small = figure.scale === 'ratio' ? minEffect : minShareEffect
    const tone = toneOf(figure)
    const reach = low === null || high === null ? '' : stretch('reach', low, high)
    const interval = low === null ? '' : ` (${intervalText(figure)})`
    return (
      `<div><span>${html(title)}</span>` +
      `<span class="track ${tone}" aria-hidden="true">${stretch('small', -small, small)}${reach}` +
      `<span class="at" style="left:${at(change as number).toFixed(2)}%"></span></span>` +
      `<span class="value ${tone}">${html(changeText(figure, change) + interval)}</span></div>`
    )
  })
  return `<div class="changes">${rows.join('\n')}</div>`
}

function toneOf({ verdict }: Change): 'good' | 'bad' | '' {
  if (verdict === 'better') return 'good'
  return verdict === 'worse' ? 'bad' : ''
}
