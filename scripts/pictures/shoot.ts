import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'

export interface Shot {
  /** A file. */
  page: string
  picture: string
  /** Of the window, px. */
  width: number
  /** How much of the page is shown; by default all of it. */
  height?: number
  /** Where the picture begins: an element of the page. */
  from?: string | undefined
  colorScheme?: 'light' | 'dark'
}

/** Takes a picture of a page. */
export async function shoot(browser: Browser, shot: Shot): Promise<void> {
  const { page, picture, width, height, from, colorScheme = 'light' } = shot
  const viewport = { width, height: height ?? 900 }
  const tab = await browser.newPage({ colorScheme, viewport })
  try {
    tab.on('pageerror', (error) => console.error(`${page}: ${error.message}`))
    await tab.goto(pathToFileURL(page).href)
    await tab.waitForFunction('document.documentElement.dataset.charts !== undefined')
    if (from !== undefined) {
      await tab.evaluate(`document.querySelector('${from}').scrollIntoView({ block: 'start' })`)
    }
    mkdirSync(path.dirname(picture), { recursive: true })
    writeFileSync(picture, await tab.screenshot({ fullPage: height === undefined }))
  } finally {
    await tab.close()
  }
}
