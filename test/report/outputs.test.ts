import Papa from 'papaparse'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderHtml } from '../../lib/html/index.ts'
import { csvCell, markdownText, num, xmlText } from '../../lib/tables/index.ts'
import {
  latencyTable,
  loadTable,
  renderCsv,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderText,
  sloTable,
} from '../../lib/report/index.ts'
import type { Report, Stats } from '../../lib/results/index.ts'
import { report } from './load.ts'

const RUNS = ['spike', 'steady', 'cold', 'closed', 'down']
const HOSTILE = '=1+1|<script>alert(1)</script>\n"]]>&`@here` [x](https://a.b) ![i](j)\u0007'

const htmlOf = (one: Report) => renderHtml({ report: one, script: '', style: '' })

/** Every cell of every table that people read; a screen has no room for latencies of a warm-up. */
function cells(one: Report, latencies: 'all' | 'measured' = 'all'): string[] {
  const tables = [sloTable(one), latencyTable(one, latencies), loadTable(one)]
  return tables.flatMap(({ rows }) => rows.flat()).filter((cell) => /\d/.test(cell))
}

function csvRows(one: Report): Record<string, string>[] {
  return Papa.parse<Record<string, string>>(renderCsv(one), { header: true, skipEmptyLines: true })
    .data
}

describe.each(RUNS)('the outputs of the run %s', (name) => {
  const one = report(name)

  test('show the same figures to the last digit: text, Markdown, HTML', () => {
    const text = renderText(one, { width: 120, color: false })
    const markdown = renderMarkdown(one)
    const page = htmlOf(one)
    expect(cells(one).length).toBeGreaterThan(10)
    for (const cell of cells(one, 'measured')) expect(text, 'text').toContain(cell)
    for (const cell of cells(one)) {
      expect(markdown, 'Markdown').toContain(markdownText(cell))
      expect(page.replace(/&#62;/g, '>'), 'HTML').toContain(cell)
    }
  })

  test('hold the same figures in full: JSON and CSV', () => {
    expect(JSON.parse(renderJson(one))).toEqual(one)
    const rows = csvRows(one)
    const value = (scope: string, figure: string, statistic: string) =>
      rows.find(
        (r) => r['scope'] === scope && r['figure'] === figure && r['statistic'] === statistic,
      )?.value
    for (const scope of [one.measured, one.total, ...one.phases]) {
      for (const [metric, stats] of Object.entries(scope.metrics) as [string, Stats][]) {
        for (const [statistic, figure] of Object.entries(stats)) {
          if (statistic === 'kind') continue
          const written = value(scope.name, metric, statistic)
          expect(written, `${scope.name} ${metric} ${statistic}`).toBe(
            figure === null ? '' : String(figure),
          )
        }
      }
      expect(value(scope.name, 'completed', '')).toBe(String(scope.completed ?? ''))
    }
    const ttft = one.measured.metrics['llm_ttft']
    if (ttft?.kind === 'trend') {
      const written = value('measured', 'llm_ttft', 'p95')
      expect(num(written === '' ? null : Number(written))).toBe(num(ttft.p95))
    }
  })

  test('judge the same: JUnit fails what the SLO missed, and skips what it could not judge', () => {
    const xml = renderJunit(one)
    const limits = (...verdicts: string[]) =>
      one.slo.filter((v) => verdicts.includes(v.verdict)).length
    const own = one.own.thresholds.filter((t) => t.ok === false).length
    const checks = one.own.checks.filter((c) => c.fails > 0).length
    // An undecided limit beyond which the value lies fails, as k6's exit code does.
    const beyond = one.slo.filter((v) => v.verdict === 'undecided' && v.thresholdKept === false)
    const left = limits('unclear', 'no_value', 'undecided') - beyond.length
    const run = one.verdict.status === 'undecided' ? 1 : 0
    expect(xml.match(/<failure /g) ?? []).toHaveLength(
      limits('missed') + beyond.length + own + checks,
    )
    expect(xml.match(/<skipped /g) ?? []).toHaveLength(left + run)
    for (const [, title = '', limit = '', value = '', within = '', verdict] of sloTable(one).rows) {
      if (verdict === 'missed')
        expect(xml).toContain(
          xmlText(`${title} is ${value}${within === '' ? '' : ` (${within})`}, limit ${limit}`),
        )
    }
  })
})

describe('what comes from outside', () => {
  const one = report('spike', { scenario: HOSTILE, server: { model: HOSTILE } })
  one.own.checks.push({ group: HOSTILE, name: HOSTILE, passes: 1, fails: 1 })
  one.outcomes.push({ outcome: HOSTILE, count: 1, share: 0.1, reasons: [] })
  one.warnings.push({ type: 'x', message: HOSTILE })

  test('makes no element, script or handler in HTML', () => {
    const page = htmlOf(one)
    expect(page).not.toContain('<script>alert')
    expect(page.match(/<script/g)).toHaveLength(2)
    expect(page).toContain('&#60;script&#62;alert(1)')
  })

  test('makes no cell, link, mention or element in Markdown', () => {
    const markdown = renderMarkdown(one)
    expect(markdown).not.toMatch(/<script/)
    expect(markdown).not.toMatch(/[^\\]\[x\\?\]\(/)
    expect(markdown).not.toContain('@here')
    const widths = markdown
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.replace(/\\\|/g, '').split('|').length)
    expect(new Set(widths).size).toBeLessThanOrEqual(4)
  })

  test('makes no formula in CSV and survives a round trip', () => {
    const rows = csvRows(one)
    const names = rows.map((row) => row['figure'] ?? '')
    expect(names.some((name) => /^[=+\-@\t\r]/.test(name))).toBe(false)
    expect(names).toContain(`'${HOSTILE}`)
  })

  test('keeps XML well-formed', () => {
    const xml = renderJunit(one)
    expect(xml).not.toMatch(/<script|\u0007|]]>/)
    // Every `<` begins a tag of ours, every `&` an entity.
    expect(
      xml.match(/<(?!\/?(testsuites?|testcase|failure|skipped|error|system-out)\b|\?xml)/),
    ).toBeNull()
    expect(xml.match(/&(?!(amp|lt|gt|quot|#\d+);)/)).toBeNull()
  })

  test('a CSV cell is what a CSV reader reads, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (a, b) => {
        const line = `x,${csvCell(a)},${csvCell(b)}\r\ny,,\r\n`
        const { data } = Papa.parse<string[]>(line, { newline: '\r\n', delimiter: ',' })
        const shown = (text: string) => (/^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text)
        expect(data[0]).toEqual(['x', shown(a), shown(b)])
      }),
    )
  })
})

test('a run without load says so in every output, and nothing else', () => {
  const none = report('none')
  for (const text of [
    renderText(none, { width: 100, color: false }),
    renderMarkdown(none),
    htmlOf(none),
    renderJunit(none),
  ]) {
    expect(text).toContain('No load was sent')
    expect(text).not.toContain('TTFT p95')
  }
  expect(renderJunit(none)).toContain('errors="1"')
})
