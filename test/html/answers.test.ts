import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pageAssets } from '../../cli/page/index.ts'
import { renderHtml } from '../../lib/html/index.ts'
import { readReviews, runOfRecords, withReviews } from '../../lib/runs/index.ts'
import { CHROMIUM, startChromium } from '../../scripts/pictures/chromium.mjs'
import { keptRun } from '../support/kept-answers.ts'

const marked = withReviews(runOfRecords('run', keptRun(), { detail: true }), [
  { id: 'main-6', mark: 'wrong_grade', at: '2026-03-01T02:00:01.000Z' },
  { id: 'main-1', mark: 'reviewed', at: '2026-03-01T02:00:02.000Z' },
])
const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-answers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let page: string
beforeAll(async () => {
  page = renderHtml({ ...marked, plan: marked.head?.plan, ...(await pageAssets()) })
}, 60_000)

test('the page has each answer once, and what was said as text only', () => {
  const { answers } = marked.detail!.tail!
  const ids = [...page.matchAll(/data-answer="([^"]*)"/g)].map(([, id]) => id)
  expect(ids.sort()).toEqual(answers.map(({ request }) => request.id).sort())
  expect(page).not.toMatch(/<img|onerror=alert\(1\)>|<script>alert/)
  // Whatever turns text around or is not seen is an escape, also in the answers themselves.
  const own = page.slice(page.indexOf('id="answers"'), page.indexOf('</main>'))
  // oxlint-disable-next-line no-control-regex
  expect(own).not.toMatch(/[\u0000-\u0008\u202a-\u202e]/)
  expect(own).toContain('\\u202e')
  expect(page).toContain('7 characters left out')
  expect(page).toContain('Question main-0?')
})

describe.skipIf(CHROMIUM === undefined)('in a real Chromium', () => {
  let browser: Browser
  beforeAll(async () => void (browser = await startChromium()), 60_000)
  afterAll(() => browser?.close())

  test('marks are given by keyboard, shown, and saved as a file that the report reads', async () => {
    const file = path.join(folder, 'report.html')
    writeFileSync(file, page)
    const tab = await browser.newPage()
    const wrong: string[] = []
    tab.on('console', (message) => wrong.push(message.text()))
    tab.on('pageerror', (error) => wrong.push(error.message))
    tab.on('dialog', (dialog) => void (wrong.push(dialog.message()), dialog.dismiss()))
    await tab.goto(`file://${file}`)

    await tab.focus('#answers > details > summary')
    await tab.keyboard.press('Enter')
    const one = tab.locator('[data-answer="main-0"]')
    await one.locator('summary').focus()
    await tab.keyboard.press('Enter')
    expect(await one.locator('select').isVisible()).toBe(true)
    await one.locator('select').selectOption('bad_answer')
    expect(await one.locator('.mark-said').textContent()).toBe('bad answer')
    expect(await tab.locator('[data-answer="main-6"] .mark-said').textContent()).toBe('wrong grade')
    expect(await tab.locator('#marks-said').textContent()).toBe('3 marked, not saved yet')

    const [saved] = await Promise.all([tab.waitForEvent('download'), tab.click('#save-marks')])
    expect(saved.suggestedFilename()).toMatch(/^[\w.-]+\.reviews\.json$/)
    const read = readReviews(JSON.parse(readFileSync(await saved.path(), 'utf8')))
    expect(read.ok && read.file.startedAt).toBe(marked.report.run.startedAt)
    expect(read.ok && read.file.reviews).toMatchObject([
      // Of an answer that is not on the page, too.
      { id: 'main-1', mark: 'reviewed' },
      { id: 'main-6', mark: 'wrong_grade' },
      { id: 'main-0', mark: 'bad_answer' },
    ])
    expect(wrong).toEqual([])
    await tab.close()
  }, 60_000)
})
