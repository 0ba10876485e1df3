import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bottleneckOf, renderHtml } from '../../lib/html/index.ts'
import { runOfRecords } from '../../lib/runs/index.ts'
import type { Detail } from '../../lib/runs/index.ts'
import { latencyTable } from '../../lib/report/index.ts'
import type { Report, RunInfo } from '../../lib/results/index.ts'
import { pageAssets } from '../../cli/page/assets.ts'
import { bigRun } from '../report/big-run.ts'
import { report } from '../report/load.ts'
import { CHROMIUM, startChromium } from '../../scripts/pictures/chromium.mjs'

/** Screenshots stay as artefacts of the run; the folder is not in git. */
const ARTEFACTS = new URL('../../results/', import.meta.url).pathname

const sweep = madeUp(6_000)
let page: string

beforeAll(async () => {
  page = renderHtml({ ...sweep, ...(await pageAssets()) })
}, 60_000)

describe('the page', () => {
  test('needs nothing beside it: no address to load from, and a policy that forbids it', () => {
    expect(page).toContain("default-src 'none'")
    expect(page).not.toMatch(/<(link|iframe|img|object|embed)\b/)
    expect(page).not.toMatch(/\bsrc="|\bhref="[^#]/)
    expect(page).not.toMatch(/@import|url\(/)
  })

  test('is bounded in size, however many requests there were', async () => {
    const many = renderHtml({ ...madeUp(30_000, false), ...(await pageAssets()) })
    expect(many.length).toBeLessThan(300_000)
    expect(many.length).toBeLessThan(1.5 * page.length)
  }, 60_000)

  test('holds what servers said as text only', () => {
    expect(page).toContain('&#60;img src=x onerror=alert(1)&#62; overloaded')
    expect(page).not.toContain('<img')
    expect(page).not.toContain('<b>bold</b>')
  })
})

describe('the bottleneck', () => {
  test('of a server with a full cache is the cache, and its queue is evidence', () => {
    const found = bottleneckOf(sweep.report, sweep.detail, sweep.plan)
    expect(found.where).toBe('KV cache')
    expect(found.evidence[0]).toMatch(/^the KV cache was at .* at most/)
    expect(found.evidence.some((text) => text.includes('waited in the server'))).toBe(true)
  })

  test('of a late client is the client, whatever the server says', () => {
    const late = structuredClone(sweep.report)
    late.client = { ...late.client, status: 'limited', reasons: ['requests started 250 ms late'] }
    const found = bottleneckOf(late, sweep.detail, sweep.plan)
    expect(found.where).toBe('client')
    expect(found.evidence[0]).toBe('requests started 250 ms late')
  })

  test('of a quiet run is none, and what was not looked at is said', () => {
    const found = bottleneckOf(report('steady'), undefined, undefined)
    expect(found.where).toBe('none seen')
    expect(found.evidence).toEqual([expect.stringContaining('were not recorded')])
  })
})

test('dark has the same colours by choice and by the system', async () => {
  const { style } = await pageAssets()
  const [chosen, bySystem] = [
    /\[data-theme='dark'\] \{([^}]+)/,
    /:not\(\[data-theme='light'\]\) \{([^}]+)/,
  ].map((block) => block.exec(style)?.[1]?.match(/--\w+: [^;]+/g))
  expect(chosen?.length).toBeGreaterThan(20)
  expect(bySystem).toEqual(chosen)
})

describe.skipIf(CHROMIUM === undefined)('in a real Chromium', () => {
  let browser: Browser
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-page-'))

  beforeAll(async () => {
    browser = await startChromium()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function open(html: string, colorScheme: 'light' | 'dark') {
    const file = path.join(folder, 'report.html')
    writeFileSync(file, html)
    const errors: string[] = []
    const requests: string[] = []
    const tab = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } })
    tab.on('console', (message) => errors.push(message.text()))
    tab.on('pageerror', (error) => errors.push(error.message))
    tab.on('dialog', (dialog) => {
      errors.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    tab.on('request', (request) => requests.push(request.url()))
    await tab.goto(`file://${file}`)
    return { tab, errors, requests }
  }

  test.each(['light', 'dark'] as const)(
    'opens in %s without an error, draws every chart, asks for nothing',
    async (scheme) => {
      const { tab, errors, requests } = await open(page, scheme)
      const drawn = await tab.evaluate('document.documentElement.dataset.charts')
      // 3 distributions, 2 by percentile, 6 over time, 2 of the server, 4 of the sweep.
      expect(drawn).toBe('17')
      // Something is drawn: more than one colour on each canvas.
      const blank = await tab.evaluate(`[...document.querySelectorAll('canvas')].filter((c) => {
        const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height)
        return new Set(new Uint32Array(data.buffer)).size < 8
      }).length`)
      expect(blank).toBe(0)
      mkdirSync(ARTEFACTS, { recursive: true })
      const shot = path.join(ARTEFACTS, `report-${scheme}.png`)
      await tab.screenshot({ path: shot, fullPage: true })
      expect(statSync(shot).size).toBeGreaterThan(50_000)
      await tab.click('#theme')
      expect(await tab.evaluate('document.documentElement.dataset.charts')).toBe('17')
      expect(errors).toEqual([])
      expect(requests).toHaveLength(1)
      await tab.close()
    },
    60_000,
  )

  test('shows the very figures of the model', async () => {
    const { tab } = await open(page, 'light')
    const shown = await tab.evaluate(
      `[...document.querySelectorAll('#latency .scroll tbody tr')].map((r) => [...r.cells].map((c) => c.textContent))`,
    )
    // Each latency has a table of its own, which its name is over.
    expect(shown).toEqual(latencyTable(sweep.report).rows.map((row) => row.slice(1)))
    await tab.close()
  }, 60_000)

  test('opens without records, and for a run without load', async () => {
    for (const [name, charts] of [
      ['spike', '3'],
      ['none', '0'],
    ] as const) {
      const html = renderHtml({ report: report(name), ...(await pageAssets()) })
      const { tab, errors } = await open(html, 'light')
      expect(await tab.evaluate('document.documentElement.dataset.charts')).toBe(charts)
      expect(errors).toEqual([])
      await tab.close()
    }
  }, 60_000)
})

/** @param intervals whether figures have their intervals, which take most of the time */
function madeUp(
  requests: number,
  intervals = true,
): { report: Report; detail: Detail; plan: RunInfo['plan'] } {
  const {
    report: built,
    detail,
    head,
  } = runOfRecords('made up', bigRun(requests), {
    detail: true,
    intervals,
  })
  if (detail === undefined || head === undefined) throw new Error('empty')
  return { report: built, detail, plan: head.plan }
}
