import { html } from '../tables/index.ts'
import type { Section } from './frame.ts'

/** A section of the parts that there are; empty without any. */
export function section(id: string, title: string, ...parts: string[]): Section {
  return { id, title, body: parts.filter((part) => part !== '').join('\n') }
}

/** A list; empty without items. */
export function list(items: readonly string[], className = ''): string {
  if (items.length === 0) return ''
  const name = className === '' ? '' : ` class="${className}"`
  return `<ul${name}>${items.map((item) => `<li>${html(item)}</li>`).join('')}</ul>`
}

/** Labels with their texts; empty without any. */
export function pairs(rows: readonly [string, string][]): string {
  if (rows.length === 0) return ''
  const lines = rows.map(([label, text]) => `<dt>${html(label)}</dt><dd>${html(text)}</dd>`)
  return `<dl>${lines.join('')}</dl>`
}
