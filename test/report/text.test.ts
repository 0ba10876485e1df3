import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '../../lib/metrics/index.ts'
import { count, num } from '../../lib/tables/index.ts'
import { renderJson, renderText } from '../../lib/report/index.ts'
import type { Report, TrendStats } from '../../lib/results/index.ts'
import { report } from './load.ts'

const HOSTILE = 'a\u001b[2J\u001b]0;x\u0007\r\nb\u202e\u0000\u009b31m'

describe('the text', () => {
  it.each(['spike', 'steady', 'cold', 'closed', 'down', 'none', 'steady-machine'])(
    'of the run %s',
    async (name) => {
      const text = renderText(report(name), { width: 100, color: false })
      await expect(text).toMatchFileSnapshot(`snapshots/${name}.txt`)
    },
  )

  it('of a run that the preflight stopped says no more than that, and why', () => {
    const reason = "model 'x' not found (server has: tiny)"
    const text = renderText(report('none', { aborted: { where: 'preflight', reason } }), {
      width: 80,
      color: false,
    })
    expect(text.trim().split('\n')).toEqual([
      '✗ No load was sent · chat-steady',
      `    why   ${reason}`,
      '    next  npx k6-inference check says what the server is and can do',
    ])
  })

  it.each([
    ['spike', 80],
    ['steady', 80],
    ['down', 120],
    ['none', 100],
  ] as const)('of the run %s ends with at most six lines, at %i columns', (name, width) => {
    const where = 'results/20260102T030405-chat-spike/report.html'
    const text = renderText(report(name), { width, color: false }, where)
    const block = text.trimEnd().split('\n\n').pop()!.replace(/^\n/, '').split('\n')
    expect(block.length).toBeLessThanOrEqual(6)
    expect(block[0]).toContain(report(name).verdict.headline)
    expect(block.map((line) => /^ {4}(\w+) /.exec(line)?.[1]).slice(-2)).toEqual(['next', 'report'])
    expect(block.pop()).toContain(where)
  })

  it('says no reason of the verdict twice, and each at least by the row of its limit', () => {
    for (const name of ['spike', 'steady', 'down', 'cold', 'closed']) {
      const one = report(name)
      const text = renderText(one, { width: 80, color: false }).replace(/\s+/g, ' ')
      const times = one.verdict.reasons.map((reason) => text.split(reason).length - 1)
      expect(Math.max(...times)).toBeLessThanOrEqual(1)
      const untold = one.verdict.reasons.filter((_, i) => times[i] === 0)
      const rows = one.slo.map(({ title }) => title)
      expect(untold.filter((reason) => !rows.some((row) => reason.startsWith(row)))).toEqual([])
    }
  })

  it('is the same with colours taken off, and colours only where asked', () => {
    const one = report('spike')
    const plain = renderText(one, { width: 100, color: false })
    const painted = renderText(one, { width: 100, color: true })
    expect(plain).not.toContain('\u001b')
    expect(painted).toContain('\u001b[31m')
    // oxlint-disable-next-line no-control-regex
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(plain)
  })

  it('keeps every line within the width, whatever the names', () => {
    const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constant(HOSTILE))
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 140 }), name, name, (width, model, reason) => {
        const one = report('spike', {
          server: { model, server: reason },
          scenario: model,
          testid: reason,
          warnings: [reason, 'w'.repeat(500)],
          aborted: { where: 'run', reason },
        })
        const text = renderText(one, { width, color: false })
        const most = Math.max(80, Math.min(120, width))
        for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(most)
        expect(text).not.toMatch(
          // oxlint-disable-next-line no-control-regex
          /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e]/,
        )
      }),
      { numRuns: 40 },
    )
  })
})

/** A cell without its interval. */
const valueOf = (cell: string) => cell.replace(/ ±.*/, '')

describe('figures', () => {
  const one = report('spike')
  const text = renderText(one, { width: 120, color: false })
  const back = JSON.parse(renderJson(one)) as Report

  it('in JSON are the model', () => {
    expect(back).toEqual(one)
    expect(back).toMatchObject({ format: 'k6-inference-report', version: 1 })
  })

  it.each(['llm_ttft', 'llm_tpot', 'llm_itl', 'llm_e2e'])(
    'of %s agree in text and JSON',
    (metric) => {
      const title = CATALOGUE.find((def) => def.name === metric)?.title as string
      const lines = text.split('\n')
      const at = lines.findIndex(
        (line) => line.startsWith(`  ${title} `) && line.includes('measured'),
      )
      const scopes = [back.measured, ...back.phases.filter(({ measured }) => measured)]
      scopes.forEach((scope, i) => {
        const stats = scope.metrics[metric] as TrendStats
        const { p50, p90, p95, p99, max } = stats
        const cells = [...[p50, p90, p95, p99, max].map(num), count(stats.count)]
        expect(lines[at + i]).toContain(scope.name)
        expect(
          lines[at + i]
            ?.trim()
            .split(/\s{2,}/)
            .slice(-6)
            .map(valueOf),
        ).toEqual(cells)
      })
    },
  )

  it('of load agree in text and JSON', () => {
    for (const s of [back.measured, ...back.phases]) {
      const row = [s.asked, s.startedPerS, s.inFlight, s.outputTokensPerS, s.tokensPerSPerUser].map(
        num,
      )
      const cells = [...row, count(s.completed), count(s.failed), count(s.dropped)]
      const lines = text.split('\n').map((line) =>
        line
          .trim()
          .split(/\s{2,}/)
          .map(valueOf),
      )
      expect(
        lines.some((line) => line[0]?.startsWith(s.name) && line.slice(1).join() === cells.join()),
      ).toBe(true)
    }
  })
})
