import { html } from '../tables/index.ts'
import type { Section } from './frame.ts'

/** A section of the parts that there are; empty without any. */
export function section(id: string, title: string, ...parts: string[]): Section {
  return { id, title, body: parts.filter((part) => part !== '').join('\n') }
}

/** A list; empty without items. */
export function list(items: readonly string[], className = ''): string {
  if (items.length === 0) return ''
  return `<ul${classed(className)}>${items.map((item) => `<li>${html(item)}</li>`).join('')}</ul>`
}

/** Labels with their texts; empty without any. */
export function pairs(rows: readonly [string, string][], className = ''): string {
  if (rows.length === 0) return ''
  const lines = rows.map(([label, text]) => `<dt>${html(label)}</dt><dd>${html(text)}</dd>`)
  return `<dl${classed(className)}>${lines.join('')}</dl>`
}

/** A figure that stands out, with its label above it and a note below. */
export function card(label: string, value: string, note: string, tone = ''): string {
  return (
    `<div${classed(tone === '' ? 'card' : `card ${tone}`)}><div class="label">${html(label)}</div>` +
    `<div class="value">${html(value)}</div><div class="limit">${html(note)}</div></div>`
  )
}

function classed(name: string): string {
  return name === '' ? '' : ` class="${name}"`
}
