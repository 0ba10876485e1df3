import { describe, expect, test } from 'vitest'
import {
  columns,
  htmlTable,
  markdownTable,
  pen,
  shownText,
  textTable,
} from '../../lib/tables/index.ts'
import type { Shown, Table } from '../../lib/tables/index.ts'

const table: Table = {
  heading: ['', 'name', 'ms'],
  align: 'llr',
  rows: [
    ['✓', '中文模型', '1.00'],
    ['✗', 'plain', '1,234'],
    ['?', 'cafe\u0301 ❤\ufe0f', '–'],
  ],
  tones: ['good', 'bad', ''],
}
const shown: Shown = { ...table, title: 'T', status: 'none', facts: [], notes: [] }

describe('a table', () => {
  test('has its columns under each other, wide characters and marks among them', () => {
    const lines = textTable(table, pen(80, false))
    // The figures end in one column.
    expect(new Set(lines.map(columns)).size).toBe(1)
    expect(lines[1]).toBe('  ✓  中文模型   1.00')
    expect(shownText(shown)).toContain(`\n${lines.join('\n')}\n`)
  })

  test('shows the same cells in text, Markdown and HTML', () => {
    const text = textTable(table, pen(80, false)).join('\n')
    for (const cell of table.rows.flat()) {
      expect(text).toContain(cell)
      expect(markdownTable(table)).toContain(cell)
      expect(htmlTable(table)).toContain(`>${cell}</td>`)
    }
  })

  test('sets figures to the right in all of them', () => {
    expect(markdownTable(table).split('\n')[1]).toBe('| --- | --- | --: |')
    expect(htmlTable(table)).toContain('<tr class="good"><td>✓</td><td>中文模型</td><td class="n">')
  })

  test('paints its heading and the rows that have a tone, where there are colours', () => {
    const [heading, good, bad, none] = textTable(table, pen(80, true))
    expect(heading).toMatch(/^\u001b\[1m.*\u001b\[0m$/)
    expect(good).toMatch(/^\u001b\[32m/)
    expect(bad).toMatch(/^\u001b\[31m/)
    expect(none).not.toContain('\u001b')
  })

  test('cuts its names, and then leaves columns out, rather than break a line', () => {
    const long = { ...table, rows: [['✓', '模'.repeat(100), '1.00']] }
    const lines = textTable(long, pen(80, false))
    for (const line of lines) expect(columns(line)).toBeLessThanOrEqual(80)
    expect(lines[1]).toMatch(/…\s+1\.00$/)
    const many = { heading: Array.from({ length: 40 }, (_, i) => `column ${i}`), rows: [[]] }
    for (const line of textTable(many as Table, pen(80, false))) {
      expect(columns(line)).toBeLessThanOrEqual(80)
    }
  })

  test('without a row is nothing', () => {
    const empty = { ...table, rows: [] }
    expect([textTable(empty, pen(80, false)), markdownTable(empty), htmlTable(empty)]).toEqual([
      [],
      '',
      '',
    ])
  })

  test('lets no control of a cell through', () => {
    const nasty = { ...table, rows: [['', 'a\u001b[2J\u202eb', '<b>|']] }
    expect(textTable(nasty, pen(80, false)).join('')).not.toMatch(/[\u001b\u202e]/)
    expect(htmlTable(nasty)).not.toContain('<b>')
    expect(markdownTable(nasty)).toContain('\\|')
  })
})
