import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  capacityCharts,
  costCharts,
  frontierCharts,
  renderHtml,
  renderShown,
  trendCharts,
} from '../../lib/html/index.ts'
import { compareRuns, comparisonShown, trendShown, trendsOf } from '../../lib/compare/index.ts'
import { frontierShown } from '../../lib/frontier/index.ts'
import { findCapacity } from '../../lib/capacity/index.ts'
import { randomSource } from '../../lib/random/index.ts'
import { DEFAULT_FIGURES, runOfRecords } from '../../lib/runs/index.ts'
import { pageAssets } from '../../cli/page/index.ts'
import { capacityShown } from '../../cli/capacity/show.ts'
import { comparisonPage } from '../../cli/compare/page.ts'
import { falling, minute, OPTIONS } from '../capacity/made-up.ts'
import { FIVE, frontierOfMadeUp } from '../frontier/made-up.ts'
import { PRICES } from './prices.ts'
import { bigRun } from '../report/big-run.ts'
import { report } from '../report/load.ts'
import { keptRun } from '../support/kept-answers.ts'
import { CHROMIUM, startChromium } from '../../scripts/pictures/chromium.mjs'

const LOOK = readFileSync(new URL('./layout.js', import.meta.url), 'utf8')
const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-layout-'))
let browser: Browser
let pages: Record<string, string>

describe.skipIf(CHROMIUM === undefined)('every page, in a real Chromium', () => {
  beforeAll(async () => {
    browser = await startChromium()
    pages = await allPages()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  test.each(
    [400, 1000, 1400].flatMap((width) => [[width, 'light'] as const, [width, 'dark'] as const]),
  )(
    'at %i px in %s: nothing is out of view, cut, over something else, or too faint',
    async (width, colorScheme) => {
      const tab = await browser.newPage({ colorScheme, viewport: { width, height: 900 } })
      for (const [name, html] of Object.entries(pages)) {
        const file = path.join(folder, `${name}.html`)
        writeFileSync(file, html)
        await tab.goto(`file://${file}`)
        await tab.evaluate(
          `for (const one of document.querySelectorAll('details')) one.open = true`,
        )
        expect(await tab.evaluate(LOOK), name).toEqual([])
      }
      await tab.close()
    },
    60_000,
  )

  test.each([
    ['out of view', 'nav { margin-left: 900px }'],
    [
      'broken inside words',
      'td { min-width: 0 !important; max-width: 1ch; overflow-wrap: anywhere; white-space: normal }',
    ],
    ['contrast', ':root { --dim: #aaa; color-scheme: light }'],
    ['over each other', '.reasons { position: absolute; top: 0 }'],
  ])('sees what is %s', async (what, css) => {
    const tab = await browser.newPage({
      colorScheme: 'light',
      viewport: { width: 400, height: 900 },
    })
    await tab.setContent(pages['report'] ?? '')
    await tab.addStyleTag({ content: css })
    const found = (await tab.evaluate(LOOK)) as string[]
    expect(found.some((line) => line.startsWith(what))).toBe(true)
    await tab.close()
  })

  test('arrow keys tell the values of a chart, and Escape ends it', async () => {
    const tab = await browser.newPage()
    await tab.setContent(pages['report'] ?? '')
    const legend = `document.querySelector('[data-charts="time"] .u-legend').textContent`
    const rest = await tab.evaluate(legend)
    await tab.focus('[data-charts="time"] .u-wrap')
    await tab.keyboard.press('ArrowRight')
    await tab.keyboard.press('ArrowRight')
    expect(await tab.evaluate(legend)).not.toBe(rest)
    await tab.keyboard.press('Escape')
    expect(await tab.evaluate(legend)).toBe(rest)
    await tab.close()
  }, 60_000)
})

/** A page of each kind, with long names and every section. */
async function allPages(): Promise<Record<string, string>> {
  const assets = await pageAssets()
  const options = { detail: true, intervals: true, requests: true }
  const [before, after] = ['results/before', 'results/after'].map((name) =>
    runOfRecords(name, bigRun(1_500), options),
  )
  if (before === undefined || after === undefined) throw new Error('two runs')
  const kept = runOfRecords('results/kept', keptRun(), options)
  const sides = [[before], [after]]
  const labels = new Map([[before.name, 'before.example:8000']])
  const comparisons = compareRuns([before], [[after]], { resamples: 100 })
  const trend = trendsOf(
    Array.from({ length: 12 }, (_, i) => ({
      name: `run-${i}`,
      startedAt: `2026-11-${10 + i}T03:00:00Z`,
      values: Object.fromEntries(DEFAULT_FIGURES.map((id) => [id, i < 6 ? 100 + i : 200 + i])),
    })),
    DEFAULT_FIGURES,
  )
  const random = randomSource(1)
  const share = falling(9.3)
  const found = await findCapacity(async (load) => minute(load, share(load), random), OPTIONS)
  const frontier = frontierOfMadeUp(FIVE, { against: ['ttft_p95', 'cost_per_good'] })
  const charts = (title: string, of: ReturnType<typeof capacityCharts>) => [
    { charts: [{ title, charts: of }] },
  ]
  return {
    report: renderHtml({ ...before, plan: before.head?.plan, ...assets }),
    answers: renderHtml({ ...kept, plan: kept.head?.plan, ...assets }),
    'no records': renderHtml({ report: report('spike'), ...assets }),
    comparison: renderShown({
      shown: comparisons.map((one) => comparisonShown(one, labels)),
      ...comparisonPage(comparisons, sides, labels),
      links: [{ name: 'before.example:8000', href: 'before/report.html' }],
      ...assets,
    }),
    trend: renderShown({
      shown: [trendShown(trend)],
      beside: charts('Over the runs', trendCharts(trend)),
      ...assets,
    }),
    capacity: renderShown({
      shown: [capacityShown(found, undefined, ['SLO_TPOT_P95=12'])],
      beside: charts('By load', capacityCharts(found)),
      ...assets,
    }),
    frontier: renderShown({
      shown: [frontierShown(frontier)],
      beside: charts('Which to choose', frontierCharts(frontier)),
      ...assets,
    }),
    cost: renderShown({
      shown: [frontierShown(frontier)],
      beside: charts('How sure these prices are', costCharts(PRICES)),
      ...assets,
    }),
  }
}
