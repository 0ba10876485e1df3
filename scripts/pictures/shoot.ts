import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'

export interface Shot {
  /** A file. */
  page: string
  picture: string
  /** Of the window, px. */
  width: number
  /** How much of the page is shown; by default all of it. */
  height?: number
  colorScheme?: 'light' | 'dark'
}

/** Takes a picture of a page. */
export async function shoot(browser: Browser, shot: Shot): Promise<void> {
  const { page, picture, width, height, colorScheme = 'light' } = shot
  const viewport = { width, height: height ?? 900 }
  const tab = await browser.newPage({ colorScheme, viewport })
  tab.on('pageerror', (error) => console.error(`${page}: ${error.message}`))
  await tab.goto(`file://${page}`)
  await tab.waitForFunction('document.documentElement.dataset.charts !== undefined')
  mkdirSync(path.dirname(picture), { recursive: true })
  writeFileSync(picture, await tab.screenshot({ fullPage: height === undefined }))
  await tab.close()
}
